using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary><c>deviceSharingError</c> of cloudintegration.yaml: all that a refused call is told.</summary>
/// <param name="Error">One of two.</param>
[DocumentedSchema("deviceSharingError")]
internal sealed record CloudError([property: JsonPropertyName("error")] CloudErrorKind Error)
{
    public static IResult InvalidConfiguration { get; } = Results.Json(new CloudError(CloudErrorKind.InvalidConfiguration), statusCode: StatusCodes.Status400BadRequest);

    public static IResult InvalidToken { get; } = Results.Json(new CloudError(CloudErrorKind.InvalidToken), statusCode: StatusCodes.Status400BadRequest);
}
