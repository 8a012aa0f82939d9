namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>How a subscription at another cloud stands. The numbers are stored: they stay.</summary>
internal enum RemoteSubscriptionState
{
    /// <summary>To be made there: the request was not sent, or its answer not kept.</summary>
    Making = 1,

    /// <summary>Made.</summary>
    Live = 2,

    /// <summary>To be cancelled there; then its row goes.</summary>
    Ending = 3,
}
