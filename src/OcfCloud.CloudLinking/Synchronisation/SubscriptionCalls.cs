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
                Accept = ToldPayload.Json,
                ContentType = ToldPayload.Json,
                Body = BodyOf(subscription),
                MaxAnswer = MaxAnswer,
                IsBackground = isBackground,
            },
            cancellationToken);
        return Judge(cloud, subscription.Level, answer);
    }

    /// <summary>Cancels one.</summary>
    /// <returns>What failed and is worth another try; null: it is over.</returns>
    public async Task<TargetTrouble?> UnsubscribeAsync(
        string cloud, Guid account, SubscriptionLevel level, DeviceId? device, string? href, string subscriptionId, CancellationToken cancellationToken)
    {
        if (TargetPaths.OfSubscription(level, device, href, subscriptionId) is not { } path) return null;
        var answer = await calls.SendAsync(account, new TargetRequest(HttpMethod.Delete, path) { MaxAnswer = MaxAnswer, IsBackground = true }, cancellationToken);
        // Any other refusal stays one: what still comes is answered by 410, which ends it too.
        return answer.Outcome == TargetOutcome.Answered && answer.Status is < 500 and not (408 or 429) ? null : TargetTrouble.Of(cloud, "an end of events", answer);
    }

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
                    return ReadId(answer) is { } id
                        ? new SubscribeAnswer(SubscribeAnswerKind.Made) { SubscriptionId = id }
                        : new SubscribeAnswer(SubscribeAnswerKind.Failed) { Trouble = TargetTrouble.Rubbish(cloud, "subscription") };
                case 404 when level != SubscriptionLevel.Devices:
                    return new SubscribeAnswer(SubscribeAnswerKind.UnknownTarget) { Trouble = TargetTrouble.Of(cloud, what, answer) };
                case 404 or 405 or 501:
                    return new SubscribeAnswer(SubscribeAnswerKind.NoEvents) { Trouble = TargetTrouble.Of(cloud, what, answer) };
                case >= 400 and < 500 and not (401 or 403 or 408 or 429) when level != SubscriptionLevel.Devices:
                    return new SubscribeAnswer(SubscribeAnswerKind.Refused) { Trouble = TargetTrouble.Of(cloud, what, answer) };
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
