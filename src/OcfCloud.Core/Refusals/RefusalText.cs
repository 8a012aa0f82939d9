namespace OcfCloud.Core.Refusals;

/// <summary>Reasons as sentences for people.</summary>
public static class RefusalText
{
    /// <summary>The sentence of a reason; null where the answer's own diagnostic says more.</summary>
    /// <param name="reason">One of <see cref="RefusalReason"/>.</param>
    public static string? Of(string reason) => reason switch
    {
        RefusalReason.TokenUnknown => "Nobody has this token: it was revoked, superseded, or never issued here.",
        RefusalReason.TokenExpired => "The token has expired.",
        RefusalReason.TokenUsed => "The token that registers a device was used before.",
        RefusalReason.TokenOfAnotherDevice => "The token that registers a device was issued for another one.",
        RefusalReason.TokenReused => "A refresh token came again long after it was superseded: all tokens of the device were revoked.",
        RefusalReason.UserDiffers => "The token is this device's, but \"uid\" is not its user.",
        RefusalReason.BelongsToAnotherUser => "The device belongs to another user until that user removes it.",
        RefusalReason.NotThisDevice => "The request is for another device or user than the connection's certificate, sign-up or sign-in says.",
        RefusalReason.AuthProviderUnknown => "\"authprovider\" is not this cloud's.",
        RefusalReason.NotRegistered => "The device is not registered any more.",
        RefusalReason.NotSignedIn => "The device asked before it signed in.",
        RefusalReason.Superseded => "A later sign-in of the device won.",
        RefusalReason.TooManyDevices => "The user has as many devices as one may have.",
        RefusalReason.TooManyLinks => "The device would have more links than it may have.",
        RefusalReason.CertificateRevoked => "The device's certificate, or one above it, was revoked.",
        RefusalReason.CertificateExpired => "The device's certificate, or one above it, is not valid yet or no longer.",
        RefusalReason.CertificateUsage => "The device's certificate, or one above it, is made for other purposes.",
        _ => null,
    };
}
