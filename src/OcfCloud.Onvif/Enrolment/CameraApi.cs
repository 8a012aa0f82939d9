using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Enrolment;

/// <summary><c>/api/v1/cameras</c>: the cameras of the token's user. Those of others are not found.</summary>
internal static class CameraApi
{
    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1/cameras").WithTags("Cameras").RequireScope(ScopeSet.Cameras).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.AddEndpointFilter(NoStore.InvokeAsync);
        api.MapPost("", CameraRequests.PostAsync)
            .WithSummary("Enrols a camera").WithDescription("The key that signed the PKCS#10 request is let in from now on; the answer is what the camera needs to connect.")
            .WithMetadata(new DocumentedBody(typeof(CameraRequest))).Produces<EnrolledCamera>(StatusCodes.Status201Created).Refuses(400, 409, 413, 415);
        api.MapGet("", CameraRequests.ListAsync).WithSummary("Lists the user's cameras").Produces<IEnumerable<CameraDocument>>();
        api.MapGet("/{id}", CameraRequests.GetAsync).WithSummary("Shows a camera").Produces<CameraDocument>().Refuses(404);
        api.MapDelete("/{id}", CameraRequests.DeleteAsync)
            .WithSummary("Takes a camera out of the user's account").WithDescription("Its client is let in no more, and its uplinks are closed.")
            .Produces(StatusCodes.Status204NoContent).Refuses(404);
        api.MapPost("/{id}/information", CameraRequests.RefreshAsync)
            .WithSummary("Asks a camera who it is").WithDescription("503: it is offline.").Produces<CameraDocument>().Refuses(404, 409, 502, 504);
        api.MapPost("/{id}/firmware", CameraRequests.UpgradeAsync)
            .WithSummary("Has a camera upgrade its firmware").WithDescription("409: the camera refused, in its words. 503: it is offline.")
            .WithMetadata(new DocumentedBody(typeof(FirmwareUpgradeRequest))).Produces<FirmwareUpgrade>().Refuses(400, 404, 409, 413, 415, 502, 504);
    }
}
