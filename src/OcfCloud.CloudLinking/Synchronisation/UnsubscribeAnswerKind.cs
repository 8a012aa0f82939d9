namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Kinds of answers to the end of a subscription.</summary>
internal enum UnsubscribeAnswerKind
{
    /// <summary>It is over there, or was refused in a way that another try does not change.</summary>
    Over,

    /// <summary>404 or 410: it was over already.</summary>
    Unknown,

    /// <summary>5xx: it has trouble with this one, and is asked again in a while.</summary>
    Broken,

    /// <summary>No answer, or one that says something of all subscriptions of the account.</summary>
    Failed,
}
