using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OcfCloud.Simulator.Receiver;

/// <summary>The events URL of an Origin Cloud: takes notifications on any path and tells of them.</summary>
internal sealed class NotificationReceiver : IAsyncDisposable
{
    private const int MaxBody = 1024 * 1024;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly string? _secret;
    private readonly int _status;
    private readonly Action<string> _tell;

    /// <summary>Describes the receiver.</summary>
    /// <param name="listen">Where; port 0 is any.</param>
    /// <param name="certificate">What it shows, with what stands between it and its anchor.</param>
    /// <param name="secret">What signatures are checked with; null: they are not.</param>
    /// <param name="status">What notifications are answered with.</param>
    /// <param name="tell">Called with a line for each request, one at a time.</param>
    public NotificationReceiver(IPEndPoint listen, X509Certificate2 certificate, string? secret, int status, Action<string> tell)
    {
        (_secret, _status, _tell) = (secret, status, tell);

        // Empty: nothing of the environment has a say in where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Listen(listen, endpoint => endpoint.UseHttps(certificate));
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopLimit);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Opens the door.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        return new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Post;
            return;
        }

        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            Tell($"no notification: {e.Message}");
            context.Response.StatusCode = e.StatusCode;
            return;
        }

        // Every answer echoes it (cloud-to-cloud, 2).
        if (context.Request.Headers.TryGetValue("Correlation-ID", out var correlation))
            context.Response.Headers["Correlation-ID"] = correlation;
        if (!Notification.TryRead(context.Request.Headers, body.ToArray(), out var notification, out var missing))
        {
            Tell($"no notification: it has no good {missing}");
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        Tell(NotificationText.Of(notification, _secret));
        context.Response.StatusCode = _status;
    }

    private void Tell(string line)
    {
        lock (_app)
            _tell(line);
    }
}
