namespace OcfCloud.Core.Certificates;

/// <summary>A file does not hold what its setting is for; the message says why, in half a sentence that follows the file's name.</summary>
/// <param name="message">That half sentence.</param>
/// <param name="stopsStart">Whether the host may not start with it.</param>
/// <param name="innerException">What the reader met.</param>
public sealed class UnusableFileException(string message, bool stopsStart = true, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the host may not start with it, where it was configured by name.</summary>
    public bool StopsStart { get; } = stopsStart;
}
