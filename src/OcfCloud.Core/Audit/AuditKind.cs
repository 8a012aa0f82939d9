namespace OcfCloud.Core.Audit;

/// <summary>What an audit entry tells. The words are stored and shown: they stay (docs/audit.md has the table).</summary>
public static class AuditKind
{
    /// <summary>Somebody has an account from then on.</summary>
    public const string UserAdded = "user-added";

    /// <summary>The account went, with all that was the user's.</summary>
    public const string UserRemoved = "user-removed";

    /// <summary>The account has another password.</summary>
    public const string PasswordChanged = "password-changed";

    /// <summary>A user lets a client in.</summary>
    public const string ConsentGiven = "consent-given";

    /// <summary>A user, or the client itself, took that back.</summary>
    public const string ConsentRevoked = "consent-revoked";

    /// <summary>A user's access rules were replaced.</summary>
    public const string AccessRulesChanged = "access-rules-changed";

    /// <summary>A client may ask users for access.</summary>
    public const string ClientAdded = "client-added";

    /// <summary>A client has another secret.</summary>
    public const string ClientSecretRotated = "client-secret-rotated";

    /// <summary>A client went.</summary>
    public const string ClientRemoved = "client-removed";

    /// <summary>Users may link accounts of a cloud.</summary>
    public const string CloudAdded = "cloud-added";

    /// <summary>A linked cloud was given anew.</summary>
    public const string CloudChanged = "cloud-changed";

    /// <summary>A linked cloud went, and with it what users linked of it.</summary>
    public const string CloudRemoved = "cloud-removed";

    /// <summary>A user linked an account of another cloud.</summary>
    public const string AccountLinked = "account-linked";

    /// <summary>A user took that back.</summary>
    public const string AccountUnlinked = "account-unlinked";

    /// <summary>A device entered a user's account.</summary>
    public const string DeviceRegistered = "device-registered";

    /// <summary>A device left it.</summary>
    public const string DeviceRemoved = "device-removed";

    /// <summary>A camera entered a user's account.</summary>
    public const string CameraEnrolled = "camera-enrolled";

    /// <summary>A camera left it.</summary>
    public const string CameraRemoved = "camera-removed";

    /// <summary>A camera can be shared by a token.</summary>
    public const string ShareTokenIssued = "share-token-issued";

    /// <summary>The token is of no use any more.</summary>
    public const string ShareTokenRevoked = "share-token-revoked";

    /// <summary>Another cloud used the token.</summary>
    public const string ShareTokenUsed = "share-token-used";

    /// <summary>A camera is being shared.</summary>
    public const string ShareStarted = "share-started";

    /// <summary>An owner takes a share back; what becomes of it is another entry.</summary>
    public const string ShareTakenBack = "share-taken-back";

    /// <summary>A share is over: taken back, failed, or the camera was handed over.</summary>
    public const string ShareEnded = "share-ended";

    /// <summary>A user's access rules refused a request.</summary>
    public const string AccessRefused = "access-refused";

    /// <summary>A log-in was refused.</summary>
    public const string LogInRefused = "log-in-refused";

    /// <summary>A bearer token was not good for what it was shown for (403).</summary>
    public const string TokenRefused = "token-refused";

    /// <summary>Those of refusals, which are bounded in number.</summary>
    public static IReadOnlyList<string> Refusals { get; } = [AccessRefused, LogInRefused, TokenRefused];

    /// <summary>All.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        UserAdded, UserRemoved, PasswordChanged, ConsentGiven, ConsentRevoked, AccessRulesChanged, ClientAdded, ClientSecretRotated, ClientRemoved, CloudAdded, CloudChanged,
        CloudRemoved, AccountLinked, AccountUnlinked, DeviceRegistered, DeviceRemoved, CameraEnrolled, CameraRemoved, ShareTokenIssued, ShareTokenRevoked, ShareTokenUsed,
        ShareStarted, ShareTakenBack, ShareEnded, .. Refusals,
    ];
}
