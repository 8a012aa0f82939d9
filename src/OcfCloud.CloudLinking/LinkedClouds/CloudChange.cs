namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>What came of an administrator's change to a linked cloud.</summary>
/// <param name="Cloud">The cloud; null: it was refused.</param>
/// <param name="Refusal">Why it was refused, one sentence for people; null: it was not.</param>
public sealed record CloudChange(LinkedCloud? Cloud, string? Refusal)
{
    /// <summary>Whether it was there before and was changed.</summary>
    public bool IsUpdate { get; init; }

    /// <summary>What was found at the other cloud, also where it was refused.</summary>
    public IReadOnlyList<CloudFinding> Findings { get; init; } = [];

    internal static CloudChange Refused(string why, params IReadOnlyList<CloudFinding> findings) => new(null, why) { Findings = findings };
}
