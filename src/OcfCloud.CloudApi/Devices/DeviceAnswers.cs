using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudApi.Devices;

/// <summary>What came of a request to a device as an HTTP answer.</summary>
internal static class DeviceAnswers
{
    private const int MaxDiagnostic = 256;

    // CoAP's text/plain.
    private const int TextFormat = 0;

    /// <summary>Makes the answer.</summary>
    /// <param name="context">The request; headers go to its response.</param>
    /// <param name="device">The device.</param>
    /// <param name="answer">What came.</param>
    /// <param name="format">What the body has to be.</param>
    /// <param name="hasBody">Whether the request had a body.</param>
    public static IResult ToResult(HttpContext context, DeviceId device, DeviceAnswer answer, BodyFormat format, bool hasBody)
    {
        if (answer.Outcome == DeviceOutcome.UnknownDevice) return DeviceProblem.UnknownDevice();
        if (answer.Outcome != DeviceOutcome.Answered) return Refused(context, AnswerStatus.Of(answer.Outcome, hasBody), answer.Diagnostic, answer.MaxAge);

        var status = AnswerStatus.Of(answer.Code);
        if (status >= StatusCodes.Status400BadRequest) return Refused(context, status, DetailOf(answer), answer.MaxAge);
        if (!Representation.TryToBody(device, answer.Payload, answer.ContentFormat, format, out var body))
        {
            return Refused(context, StatusCodes.Status502BadGateway, "The device's answer is in a format that it may not use, or not what its format says.", retryAfter: null);
        }

        context.Response.Headers.CacheControl =
            answer is { Code: 205, MaxAge: { } fresh } ? string.Create(CultureInfo.InvariantCulture, $"private, max-age={(long)fresh.TotalSeconds}") : "no-store";

        // Weak: two formats of one representation have the device's one tag (RFC 9110, 8.8.1).
        if (answer is { Code: 205, ETag.IsEmpty: false }) context.Response.Headers.ETag = $"W/\"{Convert.ToHexStringLower(answer.ETag.Span)}\"";
        if (status == StatusCodes.Status201Created && answer.Location is { } location) context.Response.Headers.Location = DevicesApi.Path + PathOf(device, location);
        return new BodyResult(status, body, format.Name());
    }

    /// <summary>An error; where it is worth another try the header says when.</summary>
    public static IResult Refused(HttpContext context, int status, string? detail, TimeSpan? retryAfter)
    {
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout || (status == StatusCodes.Status429TooManyRequests && retryAfter is not null))
        {
            context.Response.Headers.RetryAfter = ((long)(retryAfter ?? ProblemAnswers.RetryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Results.Problem(detail, statusCode: status);
    }

    private static string DetailOf(DeviceAnswer answer)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"{answer.Code / 100}.{answer.Code % 100:D2}");
        var text = answer.Code is 401 or 403 ? $"The device refuses this cloud ({code}); the caller's token is good." : $"The device answered {code}.";
        return DiagnosticOf(answer) is { } diagnostic ? $"{text} It says: {diagnostic}" : text;
    }

    // RFC 7252, 5.5.2: an error's payload without a format is a text for people.
    private static string? DiagnosticOf(DeviceAnswer answer)
    {
        if (answer.Payload.IsEmpty || answer.ContentFormat is not (null or TextFormat)) return null;
        var text = Encoding.UTF8.GetString(answer.Payload.Span[..Math.Min(answer.Payload.Length, MaxDiagnostic)]);
        return new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]).Trim() is { Length: > 0 } said ? said : null;
    }

    private static string PathOf(DeviceId device, string href) =>
        string.Join('/', DeviceHrefs.Add(device, href).Split('/').Select(Uri.EscapeDataString));
}
