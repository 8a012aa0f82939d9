using System.Text.Json;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>The outer form of a startDeviceSharing: a list of device configurations, each with a token of its own.</summary>
internal static class SharingRequest
{
    private const int MaxConfigurations = 100;

    /// <summary>Reads the list, and the tokens' form.</summary>
    public static (IReadOnlyList<RequestedShare> Shares, SharingRefusal? Refusal) Read(JsonElement body)
    {
        if (!body.TryGetProperty("deviceConfigurations", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxConfigurations)
            return ([], SharingRefusal.Configuration("deviceConfigurations is no list of 1 to 100"));
        if (list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object)) return ([], SharingRefusal.Configuration("a device configuration is no object"));
        var shares = new List<RequestedShare>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (!item.TryText("shareToken", out var token) || ShareTokenText.CompactOf(token) is not { } compact) return ([], SharingRefusal.Token("there is no token, or none of its forms"));
            shares.Add(new RequestedShare { Json = item, Token = token, CompactToken = compact });
        }

        return shares.DistinctBy(share => share.CompactToken, StringComparer.Ordinal).Count() == shares.Count
            ? (shares, null)
            : ([], SharingRefusal.Token("a token comes twice"));
    }
}
