namespace OcfCloud.Onvif.Provisioning;

/// <summary>What another share uses on the same camera.</summary>
/// <param name="Made">The object.</param>
/// <param name="State">How far that share is.</param>
/// <param name="ServerAuthority">With which cloud that share is.</param>
/// <param name="CreatedAt">Since when that share is: a later one's word is the newer one.</param>
internal sealed record OtherObject(CameraObject Made, ShareState State, string ServerAuthority, DateTimeOffset CreatedAt)
{
    /// <summary>That share is to stay: what it uses is not taken away.</summary>
    public bool IsLive => ShareStates.IsLive(State);
}
