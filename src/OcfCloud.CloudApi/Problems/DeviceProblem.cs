using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Problems;

/// <summary>The refusals that speak of devices.</summary>
internal static class DeviceProblem
{
    /// <summary>A device that is nobody's, and one of somebody else's: the same body.</summary>
    public static IResult UnknownDevice() => Problem.NotFound("The user has no such device.");

    public static IResult NoDeviceId() => Problem.BadRequest("The device id is no UUID.");

    public static IResult NotAcceptable() => Results.Problem(
        $"Answers are {MediaTypes.Json} or {MediaTypes.OcfCbor}; Accept allows neither.", statusCode: StatusCodes.Status406NotAcceptable);
}
