namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>How a linked account stands. The numbers are stored: they stay.</summary>
public enum AccountState
{
    /// <summary>Its tokens are good, as far as is known.</summary>
    Linked = 1,

    /// <summary>The other cloud refused to refresh the tokens: no call is made until the user links again.</summary>
    NeedsLinking = 2,

    /// <summary>Unlinked here; its subscriptions and tokens at the other cloud are being ended.</summary>
    Unlinking = 3,
}
