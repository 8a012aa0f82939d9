namespace OcfCloud.Core.Certificates;

/// <summary>Configured trust anchors that the host may not start with.</summary>
/// <param name="setting">The number of the configured path; null where it is none in particular.</param>
/// <param name="message">One line for the operator.</param>
/// <param name="innerException">What the file's reader said.</param>
public sealed class UnusableAnchorsException(int? setting, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The number of the configured path; null where it is none in particular.</summary>
    public int? Setting { get; } = setting;
}
