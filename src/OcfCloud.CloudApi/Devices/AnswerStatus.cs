using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudApi.Devices;

/// <summary>The HTTP status of what came of a request to a device (cloud-to-cloud.md, 1.3).</summary>
internal static class AnswerStatus
{
    /// <summary>The status of a device's answer.</summary>
    /// <param name="code">Its CoAP code: 205 is 2.05.</param>
    public static int Of(int code) => code switch
    {
        // An addition to the official document, on purpose.
        201 => StatusCodes.Status201Created,
        203 => StatusCodes.Status304NotModified,
        >= 200 and < 300 => StatusCodes.Status200OK,
        // A 401 would make the other cloud throw its token away.
        401 or 403 => StatusCodes.Status403Forbidden,
        404 => StatusCodes.Status404NotFound,
        405 => StatusCodes.Status405MethodNotAllowed,
        406 => StatusCodes.Status406NotAcceptable,
        409 => StatusCodes.Status409Conflict,
        412 => StatusCodes.Status412PreconditionFailed,
        413 => StatusCodes.Status413PayloadTooLarge,
        415 => StatusCodes.Status415UnsupportedMediaType,
        429 => StatusCodes.Status429TooManyRequests,
        >= 400 and < 500 => StatusCodes.Status400BadRequest,
        501 => StatusCodes.Status501NotImplemented,
        503 => StatusCodes.Status503ServiceUnavailable,
        504 => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status502BadGateway,
    };

    /// <summary>The status where there is no answer.</summary>
    /// <param name="outcome">Why.</param>
    /// <param name="hasBody">Whether the request had a body, which can be too large for the device.</param>
    public static int Of(DeviceOutcome outcome, bool hasBody) => outcome switch
    {
        DeviceOutcome.UnknownDevice => StatusCodes.Status404NotFound,
        DeviceOutcome.Offline or DeviceOutcome.NoAnswer => StatusCodes.Status504GatewayTimeout,
        DeviceOutcome.Busy => StatusCodes.Status503ServiceUnavailable,
        DeviceOutcome.Forbidden => StatusCodes.Status403Forbidden,
        DeviceOutcome.BadPath => StatusCodes.Status400BadRequest,
        DeviceOutcome.TooLarge when hasBody => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status502BadGateway,
    };
}
