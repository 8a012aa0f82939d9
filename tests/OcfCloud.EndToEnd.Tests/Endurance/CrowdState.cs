namespace OcfCloud.EndToEnd.Endurance;

/// <summary>What a device of the crowd is to the cloud, in its own eyes.</summary>
internal enum CrowdState
{
    /// <summary>Nobody can say yet: a sign-in, a sign-out or a break is under way.</summary>
    Changing,

    /// <summary>A sign-in was answered.</summary>
    Online,

    /// <summary>A sign-out was answered.</summary>
    SignedOut,

    /// <summary>A deregistration was answered.</summary>
    Deregistered,
}
