namespace OcfCloud.Onvif.ShareTokens;

/// <summary>What came of an order.</summary>
/// <param name="Refusal">Why there is no token.</param>
/// <param name="Token">With <see cref="ShareTokenRefusal.None"/>.</param>
public sealed record ShareTokenOutcome(ShareTokenRefusal Refusal, IssuedShareToken? Token)
{
    /// <summary>The same in a sentence, for people; null where there is a token.</summary>
    public string? Explanation => Refusal switch
    {
        ShareTokenRefusal.None => null,
        ShareTokenRefusal.UnknownCamera => "There is no such camera.",
        ShareTokenRefusal.NeverConnected => "The camera never connected: it can be shared once it said who it is.",
        ShareTokenRefusal.Quarantined => "The camera is quarantined: it said that it is another one than was promised.",
        ShareTokenRefusal.Transferred => "The camera was transferred to another cloud.",
        ShareTokenRefusal.Lifetime => "A share token lives more than nothing and at most a day (hh:mm:ss).",
        ShareTokenRefusal.Recipient => "The recipient has to be the name or address of a host, without scheme and port.",
        ShareTokenRefusal.TransferLevel => "A transfer needs the user level Administrator: else nobody could manage the camera.",
        _ => "The camera has as many open share tokens as it may have: revoke some, or wait until they run out.",
    };
}
