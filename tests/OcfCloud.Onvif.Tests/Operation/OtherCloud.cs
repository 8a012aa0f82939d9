using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Onvif.Tests.Sharing;

namespace OcfCloud.Onvif.Tests.Operation;

/// <summary>A Provisioning Cloud Service that answers as a test says.</summary>
internal sealed class OtherCloud : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SharingAuthority? _untrusted;

    private OtherCloud(WebApplication app, SharingAuthority? untrusted) => (_app, _untrusted) = (app, untrusted);

    public string Url { get; private set; } = "";

    /// <summary>What came: path and body.</summary>
    public ConcurrentQueue<(string Path, string Body)> Calls { get; } = new();

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<OtherCloud> StartAsync(bool isTrusted = true)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        var untrusted = isTrusted ? null : new SharingAuthority();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps((untrusted ?? SharingCloud.Authority).Issue())));
        var app = builder.Build();
        var cloud = new OtherCloud(app, untrusted);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            cloud.Calls.Enqueue((context.Request.Path, await reader.ReadToEndAsync(context.RequestAborted)));
            await cloud.Answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        cloud.Url = $"https://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}";
        return cloud;
    }

    /// <summary>A token as any cloud may issue one: signed by a key that is nobody's business here.</summary>
    public static string Token(string xaddr, params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["onvif:xaddr"] = xaddr,
            ["onvif:sn"] = "00408CFA1234",
            ["onvif:model"] = "AC-2000",
            ["onvif:manufacturer"] = "Acme",
            ["nonce"] = Guid.NewGuid(),
        };
        foreach (var (name, value) in changes)
        {
            if (value is null) claims.Remove(name);
            else claims[name] = value;
        }

        return $"{Part("""{"alg":"RS512"}""")}.{Part(JsonSerializer.Serialize(claims))}.c2lnbmF0dXJl";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _untrusted?.Dispose();
    }

    private static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
