namespace OcfCloud.Onvif.ShareTokens;

/// <summary>What became of a share token. The numbers are stored: they stay.</summary>
public enum ShareTokenState
{
    /// <summary>Not used yet.</summary>
    Open = 0,

    /// <summary>Used: its one share has begun.</summary>
    Used = 1,

    /// <summary>The owner took it back.</summary>
    Revoked = 2,
}
