namespace OcfCloud.Onvif.Operation;

/// <summary>What came of a deviceSharingCompleted.</summary>
internal enum CompletionOutcome
{
    /// <summary>The camera's key is registered, now or before.</summary>
    Completed,

    /// <summary>There is no such address, or the token is not the one that this cloud sent: the same to the caller.</summary>
    Unknown,

    /// <summary>The key cannot be used: no request, a weak key, another camera's, or another one than was registered.</summary>
    BadKey,

    /// <summary>It was waited for long enough.</summary>
    TooLate,
}
