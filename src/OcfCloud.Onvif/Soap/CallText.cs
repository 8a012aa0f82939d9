namespace OcfCloud.Onvif.Soap;

/// <summary>What came of calls to cameras in words, as the API and the console say it.</summary>
public static class CallText
{
    /// <summary>Why a call was not answered well. A fault's reason is the camera's own words: hostile until it is encoded.</summary>
    public static string Of(CallOutcome outcome, SoapFault? fault) => outcome switch
    {
        CallOutcome.Offline => "The camera is offline.",
        CallOutcome.NoAnswer => "The camera does not answer.",
        CallOutcome.Fault => Of(fault),
        _ => "The camera answered with something that cannot be read.",
    };

    private static string Of(SoapFault? fault) => fault switch
    {
        null => "The camera refused.",
        { Reason.Length: 0 } => $"The camera refused: {string.Join(", ", fault.Subcodes)}.",
        _ => $"The camera refused: {fault.Reason}" + (fault.Subcodes.Count > 0 ? $" ({string.Join(", ", fault.Subcodes)})" : ""),
    };
}
