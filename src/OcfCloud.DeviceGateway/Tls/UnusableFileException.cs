namespace OcfCloud.DeviceGateway.Tls;

/// <summary>A file does not hold what its setting is for; the message says why, in half a sentence that follows the file's name.</summary>
internal sealed class UnusableFileException(string message, bool stopsStart = true, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the host may not start with it, where it was configured by name.</summary>
    public bool StopsStart { get; } = stopsStart;
}
