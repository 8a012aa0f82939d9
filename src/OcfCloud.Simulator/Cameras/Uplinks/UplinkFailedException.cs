namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>An uplink does not come up; the message is what GetUplinks shows as its error.</summary>
internal sealed class UplinkFailedException(string message, bool isTokenRefused = false) : Exception(message)
{
    /// <summary>The remote client did not take the access token.</summary>
    public bool IsTokenRefused { get; } = isTokenRefused;
}
