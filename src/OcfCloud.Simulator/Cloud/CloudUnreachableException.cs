namespace OcfCloud.Simulator.Cloud;

/// <summary>There is no connection to the cloud, or none any more.</summary>
internal sealed class CloudUnreachableException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">For people.</param>
    /// <param name="innerException">What happened below.</param>
    public CloudUnreachableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether somebody else answered at the cloud's address: no later attempt will mend that.</summary>
    public bool IsAnotherCloud { get; init; }
}
