using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>A camera: an HTTP/2 server on connections that it dials itself.</summary>
internal sealed class TestCamera : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ReverseListener _listener;

    private TestCamera(WebApplication app, ReverseListener listener) => (_app, _listener) = (app, listener);

    /// <summary>What it answers; the path says what is asked.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("Acme|AC-2000|4.2.1|00408CFA1234|7B1");

    public static async Task<TestCamera> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var listener = new ReverseListener();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IConnectionListenerFactory>(listener);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 1), listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var camera = new TestCamera(app, listener);
        app.Run(context => camera.Answer(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return camera;
    }

    /// <summary>Serves a connection that was dialled.</summary>
    public Connected Serve(Stream stream)
    {
        var watched = new WatchedStream(stream);
        _listener.Serve(watched);
        return new Connected(watched);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>An uplink from the camera's side.</summary>
    internal sealed class Connected(WatchedStream stream)
    {
        /// <summary>Completes when the cloud has closed the connection; true where GOAWAY came before.</summary>
        public Task<bool> ClosedByCloud => stream.Closed;

        /// <summary>Completes when the cloud speaks HTTP/2.</summary>
        public Task Spoken => stream.Spoken;

        /// <summary>The camera closes the connection.</summary>
        public ValueTask CloseAsync() => stream.DisposeAsync();
    }
}
