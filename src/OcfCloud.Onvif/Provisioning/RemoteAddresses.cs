using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>Remote addresses are a camera's keys of uplinks: who names another's, however it is spelled, takes that one's place.</summary>
internal static class RemoteAddresses
{
    public static bool AreSame(string one, string other) => one == other || Normalise(one) == Normalise(other);

    /// <summary>Whether an address is one of this cloud's own.</summary>
    public static bool IsOwn(OnvifOptions options, string address) => AreSame(address, options.UplinkHttps) || AreSame(address, options.UplinkWss);

    // What a camera shows may be anything; what no cloud may ask for is the same as itself only.
    private static string Normalise(string address) => RemoteUrl.TryRead(address, allowsWebSocket: true, out var url) ? url.Normalised : address;
}
