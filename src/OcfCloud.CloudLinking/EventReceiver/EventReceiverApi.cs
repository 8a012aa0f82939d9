using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Metrics;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>Where other clouds send the events of this cloud's subscriptions. The signature is the authentication: who has no secret learns of a subscription nothing but
/// that it is there, which its 122 random bits say already.</summary>
public static class EventReceiverApi
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Maps <c>POST /events/v1/{id}</c>. Behind it in the pipeline: nothing; before it: what echoes <c>Correlation-ID</c> and bounds bodies.</summary>
    public static IEndpointConventionBuilder MapEventReceiver(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/events/v1/{id}", ReceiveAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task ReceiveAsync(HttpContext context)
    {
        try
        {
            await (await JudgeAsync(context)).ExecuteAsync(context);
        }
        catch (StoreUnavailableException e)
        {
            await Unavailable(context, e.Message).ExecuteAsync(context);
        }
    }

    private static async Task<IResult> JudgeAsync(HttpContext context)
    {
        var reception = context.RequestServices.GetRequiredService<EventReception>();
        var metrics = context.RequestServices.GetRequiredService<CloudLinkingMetrics>();
        var cancelled = context.RequestAborted;
        if (!Guid.TryParseExact(context.Request.RouteValues["id"] as string, "D", out var id) || await reception.FindAsync(id, cancelled) is not { } known)
        {
            metrics.Received(ReceptionOutcome.Gone);
            return Gone();
        }

        if (ReceivedEvent.TryRead(context.Request.Headers, out var wrong) is not { } received)
        {
            metrics.Received(ReceptionOutcome.Malformed);
            return Malformed($"{wrong} is missing, or is not what it has to be.");
        }

        var max = context.RequestServices.GetRequiredService<IOptions<CloudLinkingOptions>>().Value.MaxEventSize;
        if (await ReadAsync(context.Request, max, cancelled) is not { } body)
        {
            metrics.Received(ReceptionOutcome.Malformed);
            return Results.Problem($"An event has {max} bytes at most.", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        return metrics.Received(await reception.ReceiveAsync(known, received, body, cancelled)) switch
        {
            ReceptionOutcome.Accepted => Results.Ok(),
            ReceptionOutcome.Gone => Gone(),
            ReceptionOutcome.Full => Unavailable(context, "Too many events wait."),
            ReceptionOutcome.BadSignature => Malformed("Event-Signature is not that of this event."),
            ReceptionOutcome.OutOfTime => Malformed("Event-Timestamp is too long ago, or ahead."),
            _ => Malformed("The event is not what its type or its subscription says."),
        };
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int max, CancellationToken cancellationToken)
    {
        if (request.ContentLength > max) return null;
        // One more than may be: a body whose length nobody announced.
        var body = new byte[request.ContentLength ?? max + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > max) return null;
        return body.AsMemory(0, length);
    }

    private static IResult Gone() => Results.Problem("There is no such subscription.", statusCode: StatusCodes.Status410Gone);

    private static IResult Malformed(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    private static IResult Unavailable(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = ((long)RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Results.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
