using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

/// <summary>
/// Who may open an uplink: a camera with an access token (header, or query: RFC 6750, 2.1 and 2.3), or with a certificate of its registered key (RFC 8705).
/// </summary>
/// <remarks>
/// The token is looked at here and never again: an uplink stands beyond its expiry, as a camera has no means to renew it on a standing connection and would fall off the
/// cloud every hour. What ends the camera's right ends the uplink (<see cref="UplinkRevocation"/>), and the next connection needs a token that is good then.
/// </remarks>
internal sealed class UplinkAdmission(IDeviceCredentials credentials, Store store)
{
    private const string Scheme = "Bearer";
    private const string QueryParameter = "access_token";

    // Ours are far shorter; what is longer is not looked at.
    private const int MaxTokenLength = 8192;

    /// <summary>Asks for the request's credentials.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<Verdict> JudgeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!TryReadToken(context.Request, out var token)) return Verdict.Refused(StatusCodes.Status400BadRequest, "Bearer error=\"invalid_request\"");
        string? client;
        if (token is not null)
        {
            var check = token.Length <= MaxTokenLength ? await credentials.CheckAsync(token, cancellationToken) : new DeviceTokenCheck(null, false);
            if (check.ClientId is null) return Verdict.Refused(StatusCodes.Status401Unauthorized, "Bearer error=\"invalid_token\"");
            if (!check.HasScope)
                return Verdict.Refused(StatusCodes.Status403Forbidden, $"Bearer error=\"insufficient_scope\", scope=\"{DeviceClientOptions.Scope}\"");
            client = check.ClientId;
        }
        else
        {
            client = context.Connection.ClientCertificate is { } certificate ? await credentials.FindAsync(certificate, cancellationToken) : null;
            if (client is null) return Verdict.Refused(StatusCodes.Status401Unauthorized, BearerSchemes.Challenge);
        }

        var camera = await store.ReadAsync((c, ending) => c.Set<Camera>().FirstOrDefaultAsync(row => row.ClientId == client, ending), cancellationToken);
        if (camera is null) return Verdict.Refused(StatusCodes.Status403Forbidden, null);

        // The guide, 1.7: its right ended, so there is nothing that is merely forbidden to it.
        return camera.State == CameraState.Transferred
            ? Verdict.Refused(StatusCodes.Status401Unauthorized, token is null ? BearerSchemes.Challenge : "Bearer error=\"invalid_token\"")
            : new Verdict(camera, StatusCodes.Status101SwitchingProtocols, null);
    }

    /// <summary>Reads the request's token, if it has one.</summary>
    /// <returns>False where there is more than one, or an empty one. Another scheme of <c>Authorization</c> brings none: who shows nothing else is told which one would help.</returns>
    private static bool TryReadToken(HttpRequest request, out string? token)
    {
        token = null;
        var inQuery = request.Query[QueryParameter];
        var inHeader = request.Headers[HeaderNames.Authorization].Where(header => header is not null && IsBearer(header)).ToArray();
        if (inQuery.Count + inHeader.Length > 1) return false;
        if (inQuery.Count == 1)
        {
            token = inQuery[0];
            return !string.IsNullOrEmpty(token);
        }

        if (inHeader.Length == 0) return true;
        token = inHeader[0]![Scheme.Length..].Trim();
        return token.Length > 0;
    }

    private static bool IsBearer(string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && (header.Length == Scheme.Length || header[Scheme.Length] == ' ');

    /// <summary>What the request is worth.</summary>
    /// <param name="Camera">The camera; null: it is refused.</param>
    /// <param name="Status">The answer's status.</param>
    /// <param name="Challenge"><c>WWW-Authenticate</c>; null: none.</param>
    internal sealed record Verdict(Camera? Camera, int Status, string? Challenge)
    {
        public static Verdict Refused(int status, string? challenge) => new(null, status, challenge);
    }
}
