namespace OcfCloud.Core.AccessRules;

/// <summary>What a subject may do with a resource (CRUDN). The numbers are stored: they stay.</summary>
[Flags]
public enum AccessOperations
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Create.</summary>
    Create = 1,

    /// <summary>Retrieve.</summary>
    Retrieve = 2,

    /// <summary>Update.</summary>
    Update = 4,

    /// <summary>Delete.</summary>
    Delete = 8,

    /// <summary>Notify: observe and be told of changes.</summary>
    Notify = 16,

    /// <summary>All of them.</summary>
    All = 31,
}
