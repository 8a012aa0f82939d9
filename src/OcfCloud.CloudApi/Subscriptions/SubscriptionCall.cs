using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>What every request of this API says.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Client">The program that asks: a subscription is its own.</param>
/// <param name="Targets">What the path may name, the likelier first; never none.</param>
/// <param name="Format">What is accepted.</param>
internal sealed record SubscriptionCall(Caller Caller, string Client, IReadOnlyList<SubscriptionTarget> Targets, BodyFormat Format)
{
    /// <summary>Whose devices.</summary>
    public UserId User => Caller.User;
}
