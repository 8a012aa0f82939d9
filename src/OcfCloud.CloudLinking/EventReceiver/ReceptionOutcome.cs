namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>What became of an event that somebody sent.</summary>
internal enum ReceptionOutcome
{
    /// <summary>Kept, or had before: confirmed.</summary>
    Accepted,

    /// <summary>There is no such subscription, or it is over: the sender ends it.</summary>
    Gone,

    /// <summary>Too many of the account wait.</summary>
    Full,

    /// <summary>Not signed with the subscription's secret.</summary>
    BadSignature,

    /// <summary>Not what the event has to be.</summary>
    Malformed,

    /// <summary>Its time is not within the window.</summary>
    OutOfTime,
}
