namespace OcfCloud.Onvif.ShareTokens;

/// <summary>What came of taking a share token back.</summary>
public enum RevokeOutcome
{
    /// <summary>It is revoked now, or was.</summary>
    Revoked,

    /// <summary>The user's camera has no such token.</summary>
    Unknown,

    /// <summary>It was used before: its share can be taken back, the token not.</summary>
    Used,
}
