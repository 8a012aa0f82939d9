using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Problems;

/// <summary>The refusals of this door as problem details (RFC 9457).</summary>
internal static class Problem
{
    public static IResult BadRequest(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>A 400 that names the field of the body that has to be mended, for programs too.</summary>
    public static IResult BadField(string field, string detail) => Results.Problem(
        detail, statusCode: StatusCodes.Status400BadRequest, extensions: new Dictionary<string, object?> { ["field"] = field });

    public static IResult Forbidden(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status403Forbidden);

    public static IResult TooManyRequests(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status429TooManyRequests);

    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    /// <summary>A device that is nobody's, and one of somebody else's: the same body.</summary>
    public static IResult UnknownDevice() => NotFound("The user has no such device.");

    public static IResult NoDeviceId() => BadRequest("The device id is no UUID.");

    public static IResult NotAcceptable() => Results.Problem(
        $"Answers are {MediaTypes.Json} or {MediaTypes.OcfCbor}; Accept allows neither.", statusCode: StatusCodes.Status406NotAcceptable);

    public static IResult UnsupportedMediaType(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status415UnsupportedMediaType);

    /// <summary>RFC 9110, 11.6.1: a 401 says which authentication would help.</summary>
    public static IResult Unauthorized(HttpContext context, string detail)
    {
        context.Response.Headers.WWWAuthenticate = $"{BearerSchemes.Challenge}, error=\"invalid_token\"";
        return Results.Problem(detail, statusCode: StatusCodes.Status401Unauthorized);
    }
}
