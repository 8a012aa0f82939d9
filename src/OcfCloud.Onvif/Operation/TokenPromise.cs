using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Onvif.Operation;

/// <summary>What a share token of another cloud says. Nothing of it is proved: only that cloud can check it. All other claims, the time of its end too, are its own business.</summary>
/// <param name="Xaddr">Where startDeviceSharing goes to.</param>
/// <param name="Manufacturer">Of the camera.</param>
/// <param name="Model">Of the camera.</param>
/// <param name="SerialNumber">Of the camera.</param>
/// <param name="Mode">Ours; null where it says nothing of it.</param>
/// <param name="MaxUserLevel">Ours; null where it says nothing of it.</param>
internal sealed record TokenPromise(RemoteUrl Xaddr, string Manufacturer, string Model, string SerialNumber, ShareMode? Mode, UserLevel? MaxUserLevel)
{
    private static readonly JsonWebTokenHandler Reader = new() { MaximumTokenSizeInBytes = ShareTokenText.MaxLength };

    /// <summary>Reads a compact JWS.</summary>
    /// <returns>Null where it is none, or lacks one of the four claims.</returns>
    public static TokenPromise? Read(string compact)
    {
        try
        {
            var token = Reader.ReadJsonWebToken(compact);
            return RemoteUrl.TryRead(Text(token, ShareTokenClaims.Xaddr), allowsWebSocket: false, out var xaddr)
                && Word(token, ShareTokenClaims.Manufacturer) is { } manufacturer && Word(token, ShareTokenClaims.Model) is { } model && Word(token, ShareTokenClaims.SerialNumber) is { } serial
                    ? new TokenPromise(xaddr, manufacturer, model, serial, SharingText.ModeOf(Text(token, ShareTokenClaims.Mode)), SharingText.LevelOf(Text(token, ShareTokenClaims.MaxUserLevel)))
                    : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or System.Text.Json.JsonException or Microsoft.IdentityModel.Tokens.SecurityTokenException)
        {
            return null;
        }
    }

    // Trimmed, as what the camera says of itself is.
    private static string? Word(JsonWebToken token, string claim) => Text(token, claim)?.Trim() is { Length: > 0 and <= Camera.MaxTextLength } text && !text.Any(char.IsControl) ? text : null;

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? value as string : null;
}
