using System.Buffers.Text;
using System.Text.Json;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>Who a share token says that its camera is: the claims "shall match the values returned by GetDeviceInformation" (ONVIF Cloud Integration, 4.3).</summary>
internal sealed record PromisedCamera(string? Manufacturer, string? Model, string? SerialNumber)
{
    /// <summary>Reads the claims of a token that was verified before.</summary>
    /// <param name="token">In either form.</param>
    /// <returns>Null for what is no token.</returns>
    public static PromisedCamera? Of(string token)
    {
        if (ShareTokenText.CompactOf(token) is not { } compact) return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(compact.Split('.')[1]));
            return claims.RootElement.ValueKind != JsonValueKind.Object ? null : new PromisedCamera(
                Text(claims.RootElement, ShareTokenClaims.Manufacturer), Text(claims.RootElement, ShareTokenClaims.Model), Text(claims.RootElement, ShareTokenClaims.SerialNumber));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // The last one: an escape of half a surrogate pair.
            return null;
        }
    }

    /// <summary>Whether a camera says of itself something else.</summary>
    public bool IsOther(DeviceInformation says) =>
        (Manufacturer is { } manufacturer && manufacturer != says.Manufacturer) || (Model is { } model && model != says.Model) || (SerialNumber is { } serial && serial != says.SerialNumber);

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;
}
