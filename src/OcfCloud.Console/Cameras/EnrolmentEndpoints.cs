using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Onvif.Enrolment;

namespace OcfCloud.Console.Cameras;

/// <summary>Brings a camera in by the PKCS#10 request that its key made: the manufacturer's phase, done by hand.</summary>
internal static class EnrolmentEndpoints
{
    public const string Path = ConsolePaths.Cameras + "/add";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(Path).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", () => Pages.Of<AddCameraPage>());
        pages.MapPost("", AddAsync);
    }

    private static async Task<IResult> AddAsync(HttpContext context, CameraRegister cameras)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var typed = form["csr"].ToString();
        var file = form.Files["file"] is { Length: > 0 } sent ? await ReadAsync(sent, context.RequestAborted) : Encoding.UTF8.GetBytes(typed);
        if (file.Length == 0) return Refuse("Paste the camera's certification request, or choose its file.", StatusCodes.Status400BadRequest);
        if (CertificationRequestFile.Read(file) is not { } request) return Refuse("This is no certification request (PKCS#10), neither PEM nor base64 or DER.", StatusCodes.Status400BadRequest);
        var enrolment = await cameras.EnrolAsync(CameraEndpoints.IdOf(context), request, context.RequestAborted);

        // No redirect: it is shown here alone.
        return enrolment.Camera is { } camera
            ? Pages.Of<EnrolledPage>(new { Camera = camera })
            : Refuse(enrolment.Refusal!, enrolment.IsConflict ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest);

        IResult Refuse(string refusal, int status) => Pages.Of<AddCameraPage>(new { Refusal = refusal, Typed = typed }, status);
    }

    // No further than says that it is too large.
    private static async Task<byte[]> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(file.Length, CertificationRequestFile.MaxLength + 1)];
        await using var stream = file.OpenReadStream();
        return bytes[..await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)];
    }
}
