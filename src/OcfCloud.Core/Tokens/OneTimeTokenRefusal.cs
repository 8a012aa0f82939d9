namespace OcfCloud.Core.Tokens;

/// <summary>Why a one-time token was not issued.</summary>
public enum OneTimeTokenRefusal
{
    /// <summary>It was.</summary>
    None,

    /// <summary>The user was erased.</summary>
    NoSuchUser,

    /// <summary>The user has as many devices as one may have.</summary>
    TooManyDevices,

    /// <summary>The user has as many tokens that are valid as one may have.</summary>
    TooManyTokens,
}
