namespace OcfCloud.Simulator.LogIn;

/// <summary>The user could not be logged in, or is no longer; the message is the sentence for the user.</summary>
internal sealed class LogInFailedException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The authorization server's error code (RFC 6749, 5.2); null where it answered with none.</summary>
    public string? Error { get; init; }
}
