namespace OcfCloud.Simulator.Cameras.Enrolment;

/// <summary>A cloud does not enrol a camera; the message says why.</summary>
internal sealed class EnrolmentException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The cloud knows the key already.</summary>
    public bool IsKeyKnown { get; init; }
}
