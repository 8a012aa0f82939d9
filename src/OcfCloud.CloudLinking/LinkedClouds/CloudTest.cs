namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>What a test of a linked cloud found.</summary>
/// <param name="Findings">Each thing that was looked at.</param>
public sealed record CloudTest(IReadOnlyList<CloudFinding> Findings)
{
    /// <summary>Whether all is as it has to be.</summary>
    public bool IsGood => Findings.All(finding => finding.IsGood);
}
