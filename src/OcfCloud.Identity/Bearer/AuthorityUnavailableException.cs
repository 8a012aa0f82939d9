namespace OcfCloud.Identity.Bearer;

/// <summary>The external authority's keys cannot be had, so its tokens can be neither accepted nor refused (503).</summary>
public sealed class AuthorityUnavailableException : Exception
{
    /// <summary>Makes one.</summary>
    public AuthorityUnavailableException()
        : this("The external authorization server does not answer.")
    {
    }

    /// <summary>Makes one with a message.</summary>
    public AuthorityUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public AuthorityUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
