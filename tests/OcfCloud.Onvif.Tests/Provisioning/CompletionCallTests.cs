using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Outbound;
using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>deviceSharingCompleted over real TLS, to addresses that a stranger chose.</summary>
public sealed class CompletionCallTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_goes_to_the_address_as_it_is_with_token_and_request()
    {
        string? asked = null, type = null, body = null;
        await using var cloud = await OtherCloud.StartAsync(async context =>
        {
            (asked, type) = ($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.Request.ContentType);
            body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
        });

        var answer = await cloud.SendAsync("/onvif/cloud/deviceSharingCompleted/k7vQ?a=b");

        Assert.True(answer.IsDelivered);
        Assert.Equal(("POST /onvif/cloud/deviceSharingCompleted/k7vQ?a=b", "application/json"), (asked, type));
        using var json = JsonDocument.Parse(body!);
        Assert.Equal("token", json.RootElement.GetProperty("shareToken").GetString());
        Assert.Equal([1, 2, 3], json.RootElement.GetProperty("devicePublicKey").GetBytesFromBase64());
        Assert.Equal(2, json.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_a_wish_for_time_is_heard()
    {
        var calls = 0;
        await using var cloud = await OtherCloud.StartAsync(context =>
        {
            calls++;
            if (context.Request.Path == "/moved") context.Response.Redirect("/elsewhere");
            else (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "77");
            return Task.CompletedTask;
        });

        Assert.Equal(new CompletionAnswer(false, false, "The other cloud answered 302."), await cloud.SendAsync("/moved"));
        Assert.Equal(1, calls);
        Assert.Equal(TimeSpan.FromSeconds(77), (await cloud.SendAsync("/busy")).RetryAfter);
    }

    [Fact]
    public async Task Addresses_inside_certificates_of_strangers_and_silence_are_no_delivery()
    {
        await using var cloud = await OtherCloud.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        Assert.Equal("The other cloud's address may not be called.", (await cloud.SendAsync("/", allowed: false)).Reason);
        Assert.Equal("The other cloud could not be reached.", (await cloud.SendAsync("/", trusted: false)).Reason);
        Assert.Equal("The other cloud did not answer in time.", (await cloud.SendAsync("/", timeout: TimeSpan.FromMilliseconds(300))).Reason);
    }

    private sealed class OtherCloud(WebApplication application, X509Certificate2 certificate) : IAsyncDisposable
    {
        public static async Task<OtherCloud> StartAsync(RequestDelegate answer)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
            var application = builder.Build();
            application.Run(answer);
            await application.StartAsync(Ending);
            return new OtherCloud(application, certificate);
        }

        public async Task<CompletionAnswer> SendAsync(string path, bool allowed = true, bool trusted = true, TimeSpan? timeout = null)
        {
            var outbound = new OutboundOptions();
            if (allowed) outbound.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
            if (trusted) outbound.TrustAnchors.Add(certificate);
            using var calls = new CompletionCalls(
                new OutboundGuard(outbound, TimeProvider.System), Options.Create(new OnvifOptions { CloudCallTimeout = timeout ?? TimeSpan.FromSeconds(20) }), TimeProvider.System);
            var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return await calls.SendAsync(address + path, "token", [1, 2, 3], Ending);
        }

        public async ValueTask DisposeAsync()
        {
            await application.DisposeAsync();
            certificate.Dispose();
        }
    }
}
