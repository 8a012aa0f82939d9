using Microsoft.AspNetCore.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>Why a startDeviceSharing is refused: the caller is told one of two words, the log the rest.</summary>
/// <param name="IsOfToken"><c>Invalid JWT</c>; else <c>Invalid configuration</c>.</param>
/// <param name="Reason">In words, without anything that the caller wrote.</param>
internal sealed record SharingRefusal(bool IsOfToken, string Reason)
{
    public IResult Answer => IsOfToken ? CloudError.InvalidToken : CloudError.InvalidConfiguration;

    public static SharingRefusal Token(string reason) => new(true, reason);

    public static SharingRefusal Configuration(string reason) => new(false, reason);
}
