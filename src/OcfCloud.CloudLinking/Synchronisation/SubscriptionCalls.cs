using System.Text.Json;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>The requests that make and end subscriptions at another cloud (cloud-to-cloud.md, 1.4).</summary>
internal sealed class SubscriptionCalls(ITargetCalls calls, IOptions<CloudLinkingOptions> options)
{
    private const int MaxAnswer = 64 * 1024;

    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Asks for one.</summary>
    public async Task<SubscribeAnswer> SubscribeAsync(string cloud, RequestedSubscription subscription, bool isBackground, CancellationToken cancellationToken)
    {
        var answer = await calls.SendAsync(
            subscription.Account,
            new TargetRequest(HttpMethod.Post, TargetPaths.OfSubscriptions(subscription.Level, subscription.Device, subscription.Href))
            {
                Accept = RemoteFormat.Json.MediaType(),
                ContentType = RemoteFormat.Json.MediaType(),
                Body = BodyOf(subscription),
                MaxAnswer = MaxAnswer,
                Subject = SubjectOf(subscription.Level),
                IsBackground = isBackground,
            },
            cancellationToken);
        return Judge(cloud, subscription.Level, answer);
    }

    /// <summary>Cancels one.</summary>
    public async Task<UnsubscribeAnswer> UnsubscribeAsync(
        string cloud, Guid account, SubscriptionLevel level, DeviceId? device, string? href, string subscriptionId, CancellationToken cancellationToken)
    {
        if (TargetPaths.OfSubscription(level, device, href, subscriptionId) is not { } path) return new UnsubscribeAnswer(UnsubscribeAnswerKind.Over);
        var answer = await calls.SendAsync(account, new TargetRequest(HttpMethod.Delete, path) { MaxAnswer = MaxAnswer, Subject = SubjectOf(level), IsBackground = true }, cancellationToken);
        if (answer.Outcome != TargetOutcome.Answered || answer.Status is 401 or 408 or 429)
            return new UnsubscribeAnswer(UnsubscribeAnswerKind.Failed) { Trouble = TargetTrouble.Of(cloud, "an end of events", answer) };
        // Any other refusal stays one: what still comes is answered by 410, which ends it too.
        return new UnsubscribeAnswer(answer.Status switch
        {
            404 or 410 => UnsubscribeAnswerKind.Unknown,
            >= 500 => UnsubscribeAnswerKind.Broken,
            _ => UnsubscribeAnswerKind.Over,
        });
    }

    /// <summary>What an answer about a subscription of a level speaks of.</summary>
    public static TargetSubject SubjectOf(SubscriptionLevel level) => level == SubscriptionLevel.Devices ? TargetSubject.Cloud : TargetSubject.OneDevice;

    private byte[] BodyOf(RequestedSubscription subscription) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["eventsUrl"] = $"{_options.PublicUrl}/events/v1/{subscription.Id}",
        ["eventTypes"] = EventTypes.At(subscription.Level).ToArray(),
        ["signingSecret"] = subscription.SigningSecret,
    });

    private static SubscribeAnswer Judge(string cloud, SubscriptionLevel level, TargetAnswer answer)
    {
        var what = level == SubscriptionLevel.Devices ? "events of devices" : level == SubscriptionLevel.Device ? "events of a device" : "events of a resource";
        if (answer.Outcome == TargetOutcome.NeedsLinking) return new SubscribeAnswer(SubscribeAnswerKind.NeedsLinking) { Trouble = TargetTrouble.Of(cloud, what, answer) };
        if (answer.Outcome == TargetOutcome.Answered)
        {
            switch (answer.Status)
            {
                case >= 200 and < 300:
                    if (ReadId(answer) is { } id) return new SubscribeAnswer(SubscribeAnswerKind.Made) { SubscriptionId = id };
                    var kind = level == SubscriptionLevel.Devices ? SubscribeAnswerKind.Failed : SubscribeAnswerKind.Refused;
                    return new SubscribeAnswer(kind) { Trouble = TargetTrouble.Rubbish(cloud, "subscription") };
                case 404 when level != SubscriptionLevel.Devices:
                    return new SubscribeAnswer(SubscribeAnswerKind.UnknownTarget) { Trouble = TargetTrouble.Of(cloud, what, answer) };
                case 404 or 405 or 501:
                    return new SubscribeAnswer(SubscribeAnswerKind.NoEvents) { Trouble = TargetTrouble.Of(cloud, what, answer) };
                case not (401 or 408 or 429) when level != SubscriptionLevel.Devices:
                    return new SubscribeAnswer(answer.Status >= 500 ? SubscribeAnswerKind.Broken : SubscribeAnswerKind.Refused) { Trouble = TargetTrouble.Of(cloud, what, answer) };
            }
        }
        return new SubscribeAnswer(SubscribeAnswerKind.Failed) { Trouble = TargetTrouble.Of(cloud, what, answer) };
    }

    private static string? ReadId(TargetAnswer answer)
    {
        using var document = ToldPayload.TryParse(answer.ContentType, answer.Body);
        return document is not null && ToldPayload.TryText(document.RootElement, "subscriptionId", out var id) && id.Length is > 0 and <= RemoteSubscription.MaxSubscriptionIdLength
            ? id
            : null;
    }
}
