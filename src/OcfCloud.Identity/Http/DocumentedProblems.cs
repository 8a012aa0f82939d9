using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OcfCloud.Identity.Http;

/// <summary>The refusals that endpoints have in common, for the API document.</summary>
public static class DocumentedProblems
{
    /// <summary>Adds several at once.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) endpoint.ProducesProblem(status);
        return endpoint;
    }

    /// <summary>Adds what every call of the cloud-to-cloud API may carry (cloud-to-cloud.md, 1.1).</summary>
    public static RouteHandlerBuilder TakesCorrelationId(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(
        new DocumentedParameter("Correlation-ID", "header", "Comes back in the answer; made where there is none.") { Format = "uuid" });
}
