using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>
/// Requests to mirrored devices, through their clouds (cloud-to-cloud.md, 2):
/// <code>
///   request ─1─► path ─2─► linked account ─3─► body in an encoding that the cloud reads ─4─► call ─► answer, as a device of this cloud would give it
///                                                └── 406 (GET) or 415: once more in the other encoding ──┘
/// </code>
/// </summary>
internal sealed partial class MirroredRequests(ITargetCalls calls, RemoteEncodings encodings, IOptions<CloudLinkingOptions> options, ILogger<MirroredRequests> logger)
    : IMirroredRequests
{
    private const int NotFound = 404, NotAcceptable = 406, UnsupportedContentFormat = 415, ServiceUnavailable = 503;

    /// <inheritdoc/>
    public async Task<DeviceAnswer> SendAsync(MirroredRequest request, CancellationToken cancellationToken)
    {
        // 1
        if (!RemotePath.TryWrite(request, out var path)) return RemoteAnswers.Refusal(NotFound, "no resource of a device has this path");
        try
        {
            // 2
            var account = await calls.FindAccountAsync(request.Device.User, request.Device.LinkedCloud, cancellationToken);
            return account is { } linked ? await SendAsync(linked, request, path, cancellationToken) : RemoteAnswers.NeedsLinking();
        }
        catch (StoreUnavailableException e)
        {
            LogStoreUnavailable(request.Device.LinkedCloud, e.Message);
            return RemoteAnswers.Refusal(ServiceUnavailable, "the cloud's store does not answer");
        }
    }

    private async Task<DeviceAnswer> SendAsync(Guid account, MirroredRequest request, string path, CancellationToken cancellationToken)
    {
        // 3
        var cloud = request.Device.LinkedCloud;
        var format = RemoteFormats.Of(request.ContentFormat);
        var body = encodings.OfBodies(cloud) ?? format;
        // What has no form in the encoding that the cloud reads is shown as it is: the cloud may have learnt.
        if (!RemotePayload.TryConvert(request.Payload, format, body, out var bytes)) (body, bytes) = (format, request.Payload);

        // 4
        var sent = new TargetRequest(request.Method == DeviceMethod.Get ? HttpMethod.Get : HttpMethod.Post, path)
        {
            Accept = AcceptOf(request),
            ContentType = request.Payload.IsEmpty ? null : body.MediaType(),
            Body = bytes,
            MaxAnswer = options.Value.MaxAnswerSize,
            Subject = TargetSubject.Device,
        };
        var answer = await calls.SendAsync(account, sent, cancellationToken);
        if (answer is { Outcome: TargetOutcome.Answered, Status: NotAcceptable } && request.Method == DeviceMethod.Get)
            answer = await AskOtherwiseAsync(account, request, sent, answer, cancellationToken);
        else if (answer is { Outcome: TargetOutcome.Answered, Status: UnsupportedContentFormat } && !request.Payload.IsEmpty)
            answer = await TellOtherwiseAsync(account, request, sent, body.Other(), answer, cancellationToken);
        return RemoteAnswers.Of(request, answer);
    }

    private async Task<TargetAnswer> AskOtherwiseAsync(Guid account, MirroredRequest request, TargetRequest sent, TargetAnswer refusal, CancellationToken cancellationToken)
    {
        var cloud = request.Device.LinkedCloud;
        var other = (encodings.OfAnswers(cloud) ?? RemoteFormats.Of(request.Accept)).Other();
        var answer = await calls.SendAsync(account, sent with { Accept = other.MediaType() }, cancellationToken);
        if (answer.Outcome != TargetOutcome.Answered) return answer;
        // Refused both ways it is the device that does so.
        if (answer.Status == NotAcceptable) return refusal;
        encodings.NoteAnswers(cloud, other);
        return answer;
    }

    private async Task<TargetAnswer> TellOtherwiseAsync(
        Guid account, MirroredRequest request, TargetRequest sent, RemoteFormat other, TargetAnswer refusal, CancellationToken cancellationToken)
    {
        if (!RemotePayload.TryConvert(request.Payload, RemoteFormats.Of(request.ContentFormat), other, out var bytes)) return refusal;
        var answer = await calls.SendAsync(account, sent with { ContentType = other.MediaType(), Body = bytes }, cancellationToken);
        if (answer.Outcome != TargetOutcome.Answered) return answer;
        if (answer.Status == UnsupportedContentFormat) return refusal;
        encodings.NoteBodies(request.Device.LinkedCloud, other);
        return answer;
    }

    private string AcceptOf(MirroredRequest request)
    {
        var asked = RemoteFormats.Of(request.Accept);
        return encodings.OfAnswers(request.Device.LinkedCloud) is { } only ? only.MediaType() : $"{asked.MediaType()}, {asked.Other().MediaType()};q=0.9";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request to a device of linked cloud {Cloud} was answered 5.03: {Reason}")]
    private partial void LogStoreUnavailable(Guid cloud, string reason);
}
