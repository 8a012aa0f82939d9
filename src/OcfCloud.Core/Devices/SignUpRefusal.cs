namespace OcfCloud.Core.Devices;

/// <summary>Why a sign-up was refused.</summary>
public enum SignUpRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>The one-time token is unknown, expired, used, or bound to another device (4.01).</summary>
    InvalidToken,

    /// <summary>The device belongs to another user until that user removes it (4.03).</summary>
    BelongsToAnotherUser,

    /// <summary>The user has as many devices as one may have (4.03).</summary>
    TooManyDevices,
}
