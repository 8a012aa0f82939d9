using Microsoft.AspNetCore.Http;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>Why a camera cannot be asked, as problem details.</summary>
internal static class CameraProblems
{
    /// <summary>404: there is none, or it is somebody else's.</summary>
    public static IResult Unknown() => Problem.NotFound("There is no such camera in this account.");

    /// <summary>What came of a call that was not answered well.</summary>
    public static IResult Of(CallOutcome outcome, SoapFault? fault) => outcome switch
    {
        CallOutcome.Offline => Results.Problem("The camera is offline.", statusCode: StatusCodes.Status503ServiceUnavailable),
        CallOutcome.NoAnswer => Results.Problem("The camera does not answer.", statusCode: StatusCodes.Status504GatewayTimeout),
        CallOutcome.Fault => Problem.Conflict(Written(fault)),
        _ => Results.Problem("The camera answered with something that cannot be read.", statusCode: StatusCodes.Status502BadGateway),
    };

    private static string Written(SoapFault? fault) => fault switch
    {
        null => "The camera refused.",
        { Reason.Length: 0 } => $"The camera refused: {string.Join(", ", fault.Subcodes)}.",
        _ => $"The camera refused: {fault.Reason}" + (fault.Subcodes.Count > 0 ? $" ({string.Join(", ", fault.Subcodes)})" : ""),
    };
}
