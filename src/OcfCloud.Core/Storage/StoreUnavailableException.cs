namespace OcfCloud.Core.Storage;

/// <summary>The store does not answer, or not in time: trouble of ours, never the asker's (5.03, 503).</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes one.</summary>
    public StoreUnavailableException()
        : this("The store does not answer.")
    {
    }

    /// <summary>Makes one with a message.</summary>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and its cause.</summary>
    public StoreUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
