namespace OcfCloud.Simulator.Cloud;

/// <summary>The values of <c>cps</c> (OCF Cloud Specification 2.0.3, A.2).</summary>
internal enum ProvisioningStatus
{
    /// <summary>Knows of no cloud.</summary>
    Uninitialized,

    /// <summary>Has been told of a cloud and has not yet begun.</summary>
    ReadyToRegister,

    /// <summary>Is signing up.</summary>
    Registering,

    /// <summary>Has tokens of the cloud.</summary>
    Registered,

    /// <summary>Has given up; <c>clec</c> says why.</summary>
    Failed,
}
