namespace OcfCloud.Core.Directory;

/// <summary>What a publish came to.</summary>
/// <param name="Refusal">Why not, or <see cref="PublishRefusal.None"/>.</param>
/// <param name="Links">The links of the request, one a href, in its order.</param>
public sealed record PublishOutcome(PublishRefusal Refusal, IReadOnlyList<PublishedLink> Links)
{
    /// <summary>Whether all links are in the directory now.</summary>
    public bool Succeeded => Refusal == PublishRefusal.None;
}
