using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Console.Cameras;

/// <summary>What a camera's page shows.</summary>
/// <param name="Known">The camera.</param>
/// <param name="Tokens">Its share tokens, the newest first.</param>
/// <param name="Shares">What was shared of it, the newest first.</param>
/// <param name="Versions">The firmware of its model, the oldest first.</param>
public sealed record CameraDetails(CameraSummary Known, IReadOnlyList<ShareTokenSummary> Tokens, IReadOnlyList<ShareSummary> Shares, IReadOnlyList<string> Versions);
