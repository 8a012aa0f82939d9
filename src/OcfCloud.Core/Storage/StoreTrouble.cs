namespace OcfCloud.Core.Storage;

/// <summary>What an exception of the database means for the work that met it.</summary>
internal enum StoreTrouble
{
    /// <summary>Nothing of the store's: a bug, or the caller's own.</summary>
    None,

    /// <summary>Another writer was in the way: the same work succeeds when done again.</summary>
    Conflict,

    /// <summary>The store does not answer.</summary>
    Unavailable,
}
