using OcfCloud.Core.Storage;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work, or says why not.</summary>
internal static class HealthEndpoints
{
    public const string Root = "/health";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder endpoints, TimeSpan timeout)
    {
        var health = endpoints.MapGroup(Root).AllowAnonymous();
        health.MapMethods("/live", Methods, () => Results.Json(new { status = "live" }));
        health.MapMethods("/ready", Methods, (HttpContext context, UserAccounts users, TimeProvider time) => ReadyAsync(context, users, time, timeout));
    }

    private static async Task<IResult> ReadyAsync(HttpContext context, UserAccounts users, TimeProvider time, TimeSpan timeout)
    {
        context.Response.Headers.CacheControl = "no-store";
        using var late = new CancellationTokenSource(timeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            // Any table would do: connection, file and model are then as they should be.
            await users.AnyAsync(cancellation.Token).WaitAsync(timeout, time, context.RequestAborted);
            return Results.Json(new { status = "ready" });
        }
        catch (StoreUnavailableException e)
        {
            return NotReady(e.Message);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && late.IsCancellationRequested))
        {
            return NotReady("The store did not answer in time.");
        }
    }

    private static IResult NotReady(string reason) => Results.Problem(reason, statusCode: StatusCodes.Status503ServiceUnavailable);
}
