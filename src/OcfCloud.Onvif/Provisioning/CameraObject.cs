namespace OcfCloud.Onvif.Provisioning;

/// <summary>An object in a camera's keystore or configuration that a share uses: what is taken back on failure and at un-sharing.</summary>
public sealed class CameraObject
{
    /// <summary>The share that uses it.</summary>
    public Guid ShareId { get; init; }

    /// <summary>What it is.</summary>
    public CameraObjectKind Kind { get; init; }

    /// <summary>What it is for: alias of a policy, alias and number of an anchor, address of an uplink.</summary>
    public required string Name { get; init; }

    /// <summary>Its id on the camera; null: it was asked for, and the answer is not known yet.</summary>
    public string? Handle { get; set; }

    /// <summary>This share made it; else it was there and is left there.</summary>
    public bool IsOurs { get; set; }
}
