using System.Net;

namespace OcfCloud.Simulator.Mediators;

/// <summary>The mediator API refused, or was not reached.</summary>
internal sealed class MediatorApiException : Exception
{
    /// <summary>Says why.</summary>
    public MediatorApiException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The status of the answer; null where there was none.</summary>
    public HttpStatusCode? Status { get; init; }
}
