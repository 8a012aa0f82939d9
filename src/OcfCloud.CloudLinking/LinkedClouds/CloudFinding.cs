namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>One thing that was looked at when a cloud was added or tested, in words for an administrator.</summary>
/// <param name="Subject">What: <c>metadata</c>, <c>TLS</c>, <c>API</c>, <c>client</c>, …</param>
/// <param name="IsGood">Whether it is as it has to be.</param>
/// <param name="Words">What was found, one sentence; never a secret.</param>
public sealed record CloudFinding(string Subject, bool IsGood, string Words);
