using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.RemoteRequests;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.Tests.RemoteRequests;

/// <summary>A cloud on a real socket that answers as it is told to, and the calls to it.</summary>
internal sealed class TargetServer : ITargetCalls, IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private TargetServer(WebApplication application)
    {
        _application = application;
        _client = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
        Requests = new MirroredRequests(this, new RemoteEncodings(), Options.Create(new CloudLinkingOptions()), NullLogger<MirroredRequests>.Instance);
    }

    public IMirroredRequests Requests { get; }

    /// <summary>What it answers.</summary>
    public Func<Received, IResult> Answers { get; set; } = _ => Results.Ok();

    public ConcurrentQueue<Received> Calls { get; } = new();

    /// <summary>What the answers to the calls were said to speak of.</summary>
    public ConcurrentQueue<TargetSubject> Subjects { get; } = new();

    public Guid? Account { get; set; } = Guid.NewGuid();

    public MirroredDevice Device { get; } = new(UserId.New(), Guid.NewGuid(), new DeviceId(Guid.NewGuid()), "lamp", [], Online: true);

    public static async Task<TargetServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        TargetServer? server = null;
        application.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var received = new Received(
                context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, context.Request.Headers.Accept.ToString(), context.Request.ContentType, body.ToArray());
            server!.Calls.Enqueue(received);
            await server.Answers(received).ExecuteAsync(context);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server = new TargetServer(application);
    }

    public MirroredRequest Get(string href, params string[] query) => new(Device, DeviceMethod.Get, href) { Query = query };

    public MirroredRequest Post(string href, byte[] payload, int format = 10000) => new(Device, DeviceMethod.Post, href) { Payload = payload, ContentFormat = format };

    public Task<DeviceAnswer> SendAsync(MirroredRequest request) => Requests.SendAsync(request, TestContext.Current.CancellationToken);

    public static IResult Json(string body, int status = 200) => Results.Text(body, "application/json", System.Text.Encoding.UTF8, status);

    public static IResult Cbor(string hex) => Results.Bytes(Convert.FromHexString(hex), "application/vnd.ocf+cbor");

    public async Task<TargetAnswer> SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken)
    {
        Subjects.Enqueue(request.Subject);
        using var message = new HttpRequestMessage(request.Method, new Uri(_client.BaseAddress!.GetLeftPart(UriPartial.Authority) + request.Path));
        if (request.Accept is { } accept) message.Headers.TryAddWithoutValidation("Accept", accept);
        if (request.ContentType is { } type)
        {
            message.Content = new ByteArrayContent(request.Body.ToArray());
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        using var answer = await _client.SendAsync(message, cancellationToken);
        return new TargetAnswer(TargetOutcome.Answered)
        {
            Status = (int)answer.StatusCode,
            ContentType = answer.Content.Headers.ContentType?.ToString(),
            Body = await answer.Content.ReadAsByteArrayAsync(cancellationToken),
            ETag = answer.Headers.ETag?.ToString(),
            Location = answer.Headers.Location?.OriginalString,
            RetryAfter = answer.Headers.RetryAfter?.Delta,
        };
    }

    public ValueTask<Guid?> FindAccountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => new(Account);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
    }

    internal sealed record Received(string Method, string Target, string Accept, string? ContentType, byte[] Body);
}
