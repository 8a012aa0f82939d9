using System.Text;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Requests;

/// <summary>
/// Requests of the HTTPS door over the connections of this node:
/// <code>
///   request ─1─► path ─2─► owner ─3─► access rules ─4─► device's connection ─5─► answer, shown to the twin
/// </code>
/// The checks and their order are those of a client's request over CoAP (device-to-cloud.md, 8).
/// </summary>
internal sealed class DeviceRequests(
    LiveSessions sessions, DeviceAccounts accounts, DeviceAccess access, IOptions<DeviceGatewayOptions> options, TimeProvider time) : IDeviceRequests
{
    // RFC 7252, 5.10: of one Uri-Path or Uri-Query.
    private const int MaxOptionBytes = 255;

    private readonly DeviceGatewayOptions _options = options.Value;

    /// <inheritdoc/>
    public async Task<DeviceAnswer> SendAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        // 1
        if (MessageOf(request) is not { } message)
            return Failed(DeviceOutcome.BadPath, "The path does not begin with a slash, or a part of it or of the query has more than 255 bytes.");
        if (DeviceMessages.RefusalOf(message, out var operations) is { } refusal)
            return Failed(refusal.Code == CoapCode.Forbidden ? DeviceOutcome.Forbidden : DeviceOutcome.BadPath, refusal.Diagnostic);

        // 2
        var target = sessions.Find(request.Device);
        var isHere = target?.Session is { } session && session.Device == request.Device;
        var owner = isHere ? target!.Session?.User : (await accounts.FindAsync(request.Device, cancellationToken))?.UserId;
        // Another user's device and none at all look the same.
        if (owner != request.User)
            return Failed(DeviceOutcome.UnknownDevice, "no such device");

        // 3
        if (!await access.AllowsAsync(request.User, request.Subject, request.Device, ResourcePath.Of(message), operations, cancellationToken))
            return Failed(DeviceOutcome.Forbidden, "an access rule forbids it");

        // 4: while the rules were read the device may have gone, or become another user's.
        if (!isHere || target!.Session is not { } now || now.Device != request.Device || now.User != request.User)
            return Failed(DeviceOutcome.Offline, "the device is offline");
        if (target.IsDraining)
            return Failed(DeviceOutcome.Busy, "the device's connection is about to be closed");
        return await ExchangeAsync(target, request.Subject, message, cancellationToken);
    }

    private async Task<DeviceAnswer> ExchangeAsync(DeviceConnection target, AccessSubject subject, CoapMessage message, CancellationToken cancellationToken)
    {
        // Each answer has its own time; a device that sends block after block, each just in time, must not hold its asker for ever.
        using var whole = new CancellationTokenSource(_options.ExchangeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellationToken);
        try
        {
            // 5
            var answer = await target.RequesterFor(subject).RequestAsync(DeviceMessages.ToDevice(message, message.Payload), _options.RequestTimeout, either.Token);
            DeviceMessages.ShowTwin(target, message, answer);
            return AnswerOf(answer);
        }
        catch (CoapRequestException e)
        {
            return Failed(OutcomeOf(e.Failure, target), DeviceConnection.AnswerOf(e.Failure).Diagnostic);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(DeviceOutcome.NoAnswer, "the device's answer takes too long");
        }
    }

    private static DeviceOutcome OutcomeOf(CoapRequestFailure failure, DeviceConnection target) => failure switch
    {
        CoapRequestFailure.TimedOut => DeviceOutcome.NoAnswer,
        // The process stops: the device comes back.
        CoapRequestFailure.ConnectionClosed => target.IsDraining ? DeviceOutcome.Busy : DeviceOutcome.Offline,
        CoapRequestFailure.Busy => DeviceOutcome.Busy,
        CoapRequestFailure.TooLarge => DeviceOutcome.TooLarge,
        _ => DeviceOutcome.Unreadable,
    };

    private static DeviceAnswer Failed(DeviceOutcome outcome, string diagnostic) => new(outcome) { Diagnostic = diagnostic };

    // With the device id in front, as a client's request has it.
    private static CoapMessage? MessageOf(DeviceRequest request)
    {
        if (!request.Href.StartsWith('/'))
            return null;
        var message = new CoapMessage(request.Method == DeviceMethod.Post ? CoapCode.Post : CoapCode.Get);
        message.Options.Add(CoapOptionNumber.UriPath, request.Device.ToString());
        var segments = request.Href == "/" ? [] : request.Href[1..].Split('/');
        if (!TryAdd(message, CoapOptionNumber.UriPath, segments) || !TryAdd(message, CoapOptionNumber.UriQuery, request.Query))
            return null;
        message.WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor);
        return request.Payload.IsEmpty ? message : message.WithPayload(request.Payload, CoapContentFormat.OcfCbor);
    }

    private static bool TryAdd(CoapMessage message, CoapOptionNumber number, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (Encoding.UTF8.GetByteCount(text) > MaxOptionBytes)
                return false;
            message.Options.Add(number, text);
        }

        return true;
    }

    private static DeviceAnswer AnswerOf(CoapMessage answer)
    {
        var location = answer.Options.Texts(CoapOptionNumber.LocationPath).ToList();
        return new DeviceAnswer(DeviceOutcome.Answered)
        {
            Code = (answer.Code.Class * 100) + answer.Code.Detail,
            ContentFormat = answer.ContentFormat,
            Payload = answer.Payload,
            ETag = answer.Options.All(CoapOptionNumber.ETag).FirstOrDefault(),
            MaxAge = answer.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Location = location.Count == 0 ? null : "/" + string.Join('/', location),
        };
    }
}
