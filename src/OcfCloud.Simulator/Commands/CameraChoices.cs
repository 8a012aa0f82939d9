using System.Net;
using OcfCloud.Simulator.Cameras;
using OcfCloud.Simulator.Cameras.Enrolment;

namespace OcfCloud.Simulator.Commands;

/// <summary>What the options of <c>camera</c> say.</summary>
internal sealed record CameraChoices
{
    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>Where the first one's local endpoint is; null: there are none.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Where the request of certification is written to, and nothing else is done.</summary>
    public string? Csr { get; init; }

    /// <summary>Where the answer to it is read from.</summary>
    public string? Enrolment { get; init; }

    /// <summary>How the camera proves itself to the cloud that enrols it.</summary>
    public EnrolmentProof Proof { get; init; }

    /// <summary>A new camera's serial number; null: any.</summary>
    public string? Serial { get; init; }

    /// <summary>A new camera's manufacturer, model and firmware.</summary>
    public required CameraIdentity Identity { get; init; }

    /// <summary>What it does otherwise than a good one.</summary>
    public required Misbehaviour Misbehaviour { get; init; }

    /// <summary>Waits and limits.</summary>
    public required CameraTiming Timing { get; init; }
}
