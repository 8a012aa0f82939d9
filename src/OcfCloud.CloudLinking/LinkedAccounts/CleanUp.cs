namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>How far the clean-up of an unlinked account came.</summary>
internal enum CleanUp
{
    /// <summary>Nothing is left of it at the other cloud.</summary>
    Done,

    /// <summary>Its subscriptions are cancelled; its tokens are kept until the account that replaced it is unlinked.</summary>
    Replaced,

    /// <summary>Its turn is over; there is more to do.</summary>
    Unfinished,

    /// <summary>The other cloud did not answer, or not now.</summary>
    Failed,
}
