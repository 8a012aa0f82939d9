using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Firmware;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>The requests of <see cref="CameraApi"/>.</summary>
internal static class CameraRequests
{
    public static async Task<IResult> PostAsync(HttpContext context, CameraRegister cameras)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryText("csr", out var text)) return Problem.BadField("csr", "The body has to be {\"csr\": \"…\"}: base64 of the DER PKCS#10 request.");
        if (Decode(text) is not { } request) return Problem.BadField("csr", "\"csr\" is no base64 of a DER PKCS#10 request. It is the request itself, without the lines of PEM.");
        var enrolment = await cameras.EnrolAsync(Caller.Of(context.User).User, request, context.RequestAborted);
        if (enrolment.Camera is { } camera) return Results.Created($"/api/v1/cameras/{camera.Id}", camera);
        return enrolment.IsConflict ? Problem.Conflict(enrolment.Refusal!) : Problem.BadField("csr", enrolment.Refusal!);
    }

    public static async Task<IResult> ListAsync(HttpContext context, CameraRegister cameras) =>
        Results.Ok((await cameras.ListAsync(Caller.Of(context.User).User, context.RequestAborted)).Select(CameraDocument.Of));

    public static async Task<IResult> GetAsync(HttpContext context, string id, CameraRegister cameras) =>
        Guid.TryParse(id, out var camera) && await cameras.FindAsync(camera, Caller.Of(context.User).User, context.RequestAborted) is { } found
            ? Results.Ok(CameraDocument.Of(found))
            : CameraProblems.Unknown();

    public static async Task<IResult> DeleteAsync(HttpContext context, string id, CameraRegister cameras) =>
        Guid.TryParse(id, out var camera) && await cameras.RemoveAsync(camera, Caller.Of(context.User).User, context.RequestAborted)
            ? Results.NoContent()
            : CameraProblems.Unknown();

    public static async Task<IResult> RefreshAsync(HttpContext context, string id, CameraMaintenance cameras)
    {
        if (!Guid.TryParse(id, out var camera) || await cameras.RefreshInformationAsync(camera, Caller.Of(context.User).User, context.RequestAborted) is not { } answer) return CameraProblems.Unknown();
        return answer.Value is { } known ? Results.Ok(CameraDocument.Of(known)) : CameraProblems.Of(answer.Outcome, answer.Fault);
    }

    public static async Task<IResult> UpgradeAsync(HttpContext context, string id, CameraMaintenance cameras)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryText("version", out var version)) return Problem.BadField("version", "The body has to be {\"version\": \"…\"}.");
        if (FirmwareText.Refuse("version", version) is { } refusal) return Problem.BadField("version", refusal);
        if (!Guid.TryParse(id, out var camera) || await cameras.UpgradeFirmwareAsync(camera, Caller.Of(context.User).User, version, context.RequestAborted) is not { } answer) return CameraProblems.Unknown();
        return answer.Value is { } downTime ? Results.Ok(new FirmwareUpgrade(downTime)) : CameraProblems.Of(answer.Outcome, answer.Fault);
    }

    // Lines of base64 are a matter of taste (RFC 2045); anything else is not.
    private static byte[]? Decode(string text)
    {
        var bytes = new byte[DeviceKey.MaxRequestLength + 1];
        if (text.Length > 2 * bytes.Length) return null;
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}
