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
        CallOutcome.Offline => Results.Problem(CallText.Of(outcome, fault), statusCode: StatusCodes.Status503ServiceUnavailable),
        CallOutcome.NoAnswer => Results.Problem(CallText.Of(outcome, fault), statusCode: StatusCodes.Status504GatewayTimeout),
        CallOutcome.Fault => Problem.Conflict(CallText.Of(outcome, fault)),
        _ => Results.Problem(CallText.Of(outcome, fault), statusCode: StatusCodes.Status502BadGateway),
    };
}
