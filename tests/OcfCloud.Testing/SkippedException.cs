namespace OcfCloud.Testing;

/// <summary>Skips the running test: xUnit knows it by the beginning of its message.</summary>
public sealed class SkippedException : Exception
{
    private const string Token = "$XunitDynamicSkip$";

    /// <summary>Makes one.</summary>
    public SkippedException()
        : this("skipped")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="reason">Why.</param>
    public SkippedException(string reason)
        : base(Token + reason)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="innerException">The cause.</param>
    public SkippedException(string reason, Exception innerException)
        : base(Token + reason, innerException)
    {
    }
}
