using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>Whether a share token is one of ours and still good: what it says of itself first, what its owner decided since then after.</summary>
internal sealed class TokenChecks(TokenSigning signing, Store store, IOptions<OnvifOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private readonly OnvifOptions _options = options.Value;

    /// <summary>Checks the token; sets <see cref="RequestedShare.Row"/> and <see cref="RequestedShare.Camera"/> where it is good, or was.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<SharingRefusal?> CheckAsync(RequestedShare share, CancellationToken cancellationToken)
    {
        if (await signing.VerifyAsync(share.CompactToken, cancellationToken) is not { } token) return SharingRefusal.Token("it is not signed by this cloud");
        if (token.TryGetHeaderValue<object>("typ", out var type) && type is not "JWT") return SharingRefusal.Token("its type is no share token's");
        if (!Guid.TryParseExact(Text(token, "jti"), "D", out var id) || !Guid.TryParseExact(Text(token, "sub"), "D", out var cameraId)) return SharingRefusal.Token("its claims are no share token's");
        if (Text(token, "iss") != _options.PublicUrl || Text(token, "aud") != _options.Xaddr || Text(token, ShareTokenClaims.Xaddr) != _options.Xaddr) return SharingRefusal.Token("it is for somebody else");

        var (row, camera) = await store.ReadAsync(
            async (context, stop) => (await context.Set<ShareToken>().FirstOrDefaultAsync(t => t.Id == id, stop), await context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == cameraId, stop)),
            cancellationToken);
        if (row is null || camera is null || row.CameraId != camera.Id || !CryptographicOperations.FixedTimeEquals(row.TokenHash, ShareTokenText.HashOf(share.CompactToken)))
            return SharingRefusal.Token("it is unknown");
        (share.Row, share.Camera) = (row, camera);

        // Answered as the first time, however long ago that was, where the configuration is the same; that is looked at later.
        return row.State == ShareTokenState.Used ? null : CheckOpen(token, row, camera);
    }

    /// <summary>The owner's decision as it stands now, for whoever begins the share in one transaction.</summary>
    public static SharingRefusal? CheckOwner(ShareToken row, Camera camera)
    {
        if (row.State == ShareTokenState.Revoked) return SharingRefusal.Token("it is revoked");
        if (camera.UserId != row.UserId) return SharingRefusal.Token("who issued it does not own the camera any more");
        return camera.State == CameraState.Active ? null : SharingRefusal.Token("the camera is not here any more, or is quarantined");
    }

    private SharingRefusal? CheckOpen(JsonWebToken token, ShareToken row, Camera camera)
    {
        var now = time.GetUtcNow();
        if (Time(token, "iat") is not { } issued || Time(token, "nbf") is not { } begins || Time(token, "exp") is not { } ends) return SharingRefusal.Token("it has no times");
        if (ends - issued > ShareToken.MaxLifetime) return SharingRefusal.Token("it lives too long");
        if (ends + Skew <= now || row.ExpiresAt + Skew <= now) return SharingRefusal.Token("it is expired");
        if (begins - Skew > now) return SharingRefusal.Token("it is not good yet");
        if (CheckOwner(row, camera) is { } refusal) return refusal;
        return Text(token, ShareTokenClaims.SerialNumber) == camera.SerialNumber && Text(token, ShareTokenClaims.Model) == camera.Model
            && Text(token, ShareTokenClaims.Manufacturer) == camera.Manufacturer && camera is { SerialNumber: not null, Model: not null, Manufacturer: not null }
                ? null
                : SharingRefusal.Token("the camera says that it is another one now");
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? value as string : null;

    private static DateTimeOffset? Time(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<object>(claim, out var value) && value is long or int && Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) is var seconds and >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
