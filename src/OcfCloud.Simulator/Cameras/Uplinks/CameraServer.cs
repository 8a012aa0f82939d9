using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using OcfCloud.Simulator.Cameras.Services;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>
/// The web server of all cameras of this process: HTTP/2 over the connections that they opened, and HTTP/1.1 at local endpoints where some were asked
/// for. Whose the request is, and what its sender may do, is a feature of the connection.
/// </summary>
internal sealed class CameraServer : IAsyncDisposable
{
    private static readonly TimeSpan LongerThanAnyUplink = TimeSpan.FromDays(365);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private const int AttemptsAtOnce = 16;
    private readonly UplinkListener _listener = new();
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<(IPEndPoint Endpoint, SimulatedCamera Camera)> _local;

    /// <summary>Describes the server.</summary>
    /// <param name="local">Local endpoints, without authentication, and the cameras that serve them; port 0 is any.</param>
    /// <param name="time">The clock.</param>
    public CameraServer(IReadOnlyList<(IPEndPoint Endpoint, SimulatedCamera Camera)> local, TimeProvider time)
    {
        (_local, _time) = (local, time);

        // Empty: nothing of the environment has a say in where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IConnectionListenerFactory>(_listener);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = SoapRequest.MaxLength;

            // Whether the remote client is still there is the watchdog's business. Not infinite: Kestrel adds that to its clock, which then is past it.
            kestrel.Limits.KeepAliveTimeout = LongerThanAnyUplink;
            kestrel.Listen(UplinkEndPoint.Instance, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            foreach (var (address, camera) in local)
                kestrel.Listen(address, endpoint => ServeLocally(endpoint, camera));
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopLimit);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>
    /// Whose turn it is to connect. Real cameras do not take turns, but each has a processor of its own: hundreds that begin at once on one would all run out
    /// of time.
    /// </summary>
    public SemaphoreSlim Turns { get; } = new(AttemptsAtOnce);

    /// <summary>Opens the local endpoints.</summary>
    /// <returns>Their addresses, in order.</returns>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task<IReadOnlyList<Uri>> StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return [.. addresses.TakeLast(_local.Count).Select(address => new Uri(address))];
    }

    /// <summary>Serves a connection that a camera opened.</summary>
    public void Serve(UplinkConnection connection) => _listener.Bring(connection);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Turns.Dispose();
    }

    private static void ServeLocally(ListenOptions endpoint, SimulatedCamera camera)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        endpoint.Use(next => connection =>
        {
            connection.Features.Set(new CameraCaller(camera, UserLevels.Administrator, IsOwnCloud: true, connection.Abort));
            return next(connection);
        });
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var caller = context.Features.Get<CameraCaller>()!;
        if (caller.Camera.Services.At(context.Request.Path) is not { } service)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Post;
            return;
        }

        // RFC 3902: the action is a parameter of the media type.
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || type.MediaType != SoapAnswer.MediaType)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        byte[] answer;
        try
        {
            var request = await SoapRequest.ReadAsync(context.Request.Body, context.RequestAborted);
            var latency = caller.Camera.Misbehaviour.Latency;
            if (latency > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(latency), _time, context.RequestAborted);
            var action = type.Parameters.FirstOrDefault(parameter => parameter.Name == "action")?.GetUnescapedValue().Value;
            answer = SoapAnswer.Write(caller.Camera.Services.Answer(service, request, action, caller));
        }
        catch (SoapFaultException fault)
        {
            context.Response.StatusCode = fault.Status;
            answer = SoapAnswer.Write(fault);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Nobody is left to be answered.
            context.Abort();
            return;
        }

        context.Response.ContentType = $"{SoapAnswer.MediaType}; charset=utf-8";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }
}
