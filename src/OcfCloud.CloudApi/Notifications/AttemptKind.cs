namespace OcfCloud.CloudApi.Notifications;

/// <summary>What came of one attempt.</summary>
internal enum AttemptKind
{
    /// <summary>2xx.</summary>
    Confirmed,

    /// <summary>410: the subscriber wants no more.</summary>
    Gone,

    /// <summary>Anything else.</summary>
    Failed,

    /// <summary>Broken off, for the process stops.</summary>
    Stopped,
}
