using OcfCloud.Core.Requests;

namespace OcfCloud.Console.Devices;

/// <summary>What came of a request to a device of another cloud, as <see cref="UpdateOutcome"/>; its cloud, not the device, may be the reason (cloud-to-cloud.md, 2).</summary>
internal static class MirroredOutcome
{
    private const string BadGateway = "cloud-502";

    private const string Unreachable = "cloud-503";

    private const string TooSlow = "cloud-504";

    /// <summary>A word for an address.</summary>
    public static string Of(DeviceAnswer answer) => answer switch
    {
        { Outcome: DeviceOutcome.Answered, Code: 502 } => BadGateway,
        { Outcome: DeviceOutcome.Answered, Code: 503 } => Unreachable,
        { Outcome: DeviceOutcome.Answered, Code: 504 } => TooSlow,
        _ => UpdateOutcome.Of(answer),
    };

    /// <summary>A sentence for the user; null for a word that is none of these.</summary>
    public static string? InWords(string outcome, string cloud) => outcome switch
    {
        BadGateway => $"{cloud} could not pass this on, or what came back makes no sense.",
        Unreachable => $"{cloud} or the device cannot be reached at this moment. Try again later.",
        TooSlow => $"{cloud} did not answer in time. The device may have done what you asked: look again in a moment.",
        _ => UpdateOutcome.InWords(outcome),
    };
}
