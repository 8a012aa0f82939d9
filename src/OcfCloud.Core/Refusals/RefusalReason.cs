namespace OcfCloud.Core.Refusals;

/// <summary>Why a device was refused, in a word that stays (docs/devices.md has the table).</summary>
public static class RefusalReason
{
    /// <summary>Nobody has this token, or it was revoked.</summary>
    public const string TokenUnknown = "token-unknown";

    /// <summary>The token was good once.</summary>
    public const string TokenExpired = "token-expired";

    /// <summary>The one-time token registered a device already.</summary>
    public const string TokenUsed = "token-used";

    /// <summary>The token is another device's.</summary>
    public const string TokenOfAnotherDevice = "token-of-another-device";

    /// <summary>The refresh token was superseded long ago: somebody may have stolen it, and all tokens of its family died.</summary>
    public const string TokenReused = "token-reused";

    /// <summary>The token is the device's, but not of the user that the request names.</summary>
    public const string UserDiffers = "user-differs";

    /// <summary>The device is registered by another user.</summary>
    public const string BelongsToAnotherUser = "belongs-to-another-user";

    /// <summary>The request is for another device than the connection's certificate, sign-up or sign-in says.</summary>
    public const string NotThisDevice = "not-this-device";

    /// <summary>The request names an authorization provider that is not this cloud's.</summary>
    public const string AuthProviderUnknown = "auth-provider-unknown";

    /// <summary>The device is not registered (any more).</summary>
    public const string NotRegistered = "not-registered";

    /// <summary>The request needs a sign-in first.</summary>
    public const string NotSignedIn = "not-signed-in";

    /// <summary>A later sign-in of the same device has won.</summary>
    public const string Superseded = "superseded";

    /// <summary>The user has as many devices as one may have.</summary>
    public const string TooManyDevices = "too-many-devices";

    /// <summary>The device would have more links than it may have.</summary>
    public const string TooManyLinks = "too-many-links";

    /// <summary>Nothing of what the request names is there.</summary>
    public const string NothingPublished = "nothing-published";

    /// <summary>The certificate, or one above it, is on a revocation list.</summary>
    public const string CertificateRevoked = "certificate-revoked";

    /// <summary>The certificate, or one above it, is not valid yet or no longer.</summary>
    public const string CertificateExpired = "certificate-expired";

    /// <summary>The certificate, or one above it, is made for other purposes.</summary>
    public const string CertificateUsage = "certificate-usage";

    /// <summary>The request is not as it has to be.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>The request, or its answer, is too large.</summary>
    public const string TooLarge = "too-large";
}
