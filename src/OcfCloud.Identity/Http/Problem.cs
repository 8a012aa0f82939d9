using Microsoft.AspNetCore.Http;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.Identity.Http;

/// <summary>The refusals of the HTTP doors as problem details (RFC 9457).</summary>
public static class Problem
{
    /// <summary>400.</summary>
    public static IResult BadRequest(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>A 400 that names the field of the body that has to be mended, for programs too.</summary>
    public static IResult BadField(string field, string detail) => Results.Problem(
        detail, statusCode: StatusCodes.Status400BadRequest, extensions: new Dictionary<string, object?> { ["field"] = field });

    /// <summary>403.</summary>
    public static IResult Forbidden(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status403Forbidden);

    /// <summary>429.</summary>
    public static IResult TooManyRequests(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status429TooManyRequests);

    /// <summary>404.</summary>
    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    /// <summary>409.</summary>
    public static IResult Conflict(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status409Conflict);

    /// <summary>415.</summary>
    public static IResult UnsupportedMediaType(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status415UnsupportedMediaType);

    /// <summary>RFC 9110, 11.6.1: a 401 says which authentication would help.</summary>
    public static IResult Unauthorized(HttpContext context, string detail)
    {
        context.Response.Headers.WWWAuthenticate = $"{BearerSchemes.Challenge}, error=\"invalid_token\"";
        return Results.Problem(detail, statusCode: StatusCodes.Status401Unauthorized);
    }
}
