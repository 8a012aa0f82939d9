namespace OcfCloud.Simulator.Cloud;

/// <summary>How an attempt to get into the cloud ended: with a session, with trouble, or (neither) at another endpoint, to be tried at once.</summary>
/// <param name="Session">The device is signed in; belongs to the caller.</param>
/// <param name="Trouble">Why it is not.</param>
internal readonly record struct CloudEntry(CloudSession? Session, CloudTrouble? Trouble)
{
    /// <summary>The cloud redirected the device.</summary>
    public static CloudEntry Redirected => default;
}
