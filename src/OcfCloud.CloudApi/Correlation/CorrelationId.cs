using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OcfCloud.CloudApi.Correlation;

/// <summary><c>Correlation-ID</c>: what the request had comes back with every answer, errors included; where it had none that can be echoed, a UUID is made
/// (cloud-to-cloud.md, 1.1).</summary>
public static class CorrelationId
{
    /// <summary>The header.</summary>
    public const string Header = "Correlation-ID";

    /// <summary>Characters that are echoed; more are answered like none.</summary>
    public const int MaxLength = 256;

    /// <summary>Puts the header on the answers of everything behind it.</summary>
    public static IApplicationBuilder UseCorrelationId(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var id = Read(context.Request.Headers[Header].ToString());
        context.Features.Set(new CorrelationIdFeature(id));
        // Last of all: whoever answers an exception clears the headers that were there.
        context.Response.OnStarting(
            static state =>
            {
                var (response, header) = ((HttpResponse, string))state;
                response.Headers[Header] = header;
                return Task.CompletedTask;
            },
            (context.Response, id));
        return next(context);
    });

    /// <summary>The request's correlation id.</summary>
    public static string GetCorrelationId(this HttpContext context) =>
        context.Features.Get<CorrelationIdFeature>()?.Id ?? throw new InvalidOperationException("UseCorrelationId is not in the pipeline.");

    private static string Read(string given)
    {
        // What would break a header's line, or is no text for everybody, never comes back.
        var isEchoed = given.Length is > 0 and <= MaxLength && !given.AsSpan().ContainsAnyExceptInRange(' ', '~') && !string.IsNullOrWhiteSpace(given);
        return isEchoed ? given : Guid.NewGuid().ToString();
    }
}
