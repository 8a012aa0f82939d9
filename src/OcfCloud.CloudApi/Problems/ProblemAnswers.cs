using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Problems;

/// <summary>Gives every error of the HTTP doors a body of problem details (RFC 9457), also where no endpoint was reached.</summary>
public static class ProblemAnswers
{
    /// <summary>After which it is worth to ask again where nothing else is known.</summary>
    internal static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Adds what <see cref="UseProblemAnswers"/> needs.</summary>
    public static IServiceCollection AddProblemAnswers(this IServiceCollection services)
    {
        services.AddExceptionHandler(options =>
        {
            options.StatusCodeSelector = StatusOf;

            // What a caller did wrong is said to the caller; the log would be anybody's to fill.
            options.SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException;
        });
        return services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            if (context.Exception is { } exception)
            {
                context.ProblemDetails.Detail = DetailOf(exception);
            }
            else if (context.ProblemDetails.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            {
                context.ProblemDetails.Detail ??= context.HttpContext.Features.Get<BearerRefusal>()?.Detail;
            }

            if (context.ProblemDetails.Status == StatusCodes.Status503ServiceUnavailable && context.HttpContext.Response.Headers.RetryAfter.Count == 0)
            {
                context.HttpContext.Response.Headers.RetryAfter = ((long)RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            // What is another user's and what is nobody's is answered by the same bytes.
            if (context.ProblemDetails.Status == StatusCodes.Status404NotFound)
            {
                context.ProblemDetails.Extensions.Remove("traceId");
            }
        });
    }

    /// <summary>Answers exceptions and empty error answers of everything behind it; refuses bodies of more bytes than allowed.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="maxRequestBodySize">In bytes.</param>
    public static IApplicationBuilder UseProblemAnswers(this IApplicationBuilder app, long maxRequestBodySize)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();

        return app.Use(next => context => RequestBodyLimit.ApplyAsync(context, next, maxRequestBodySize));
    }

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        StoreUnavailableException or AuthorityUnavailableException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    // What an unforeseen exception says is for the log alone.
    private static string? DetailOf(Exception exception) => exception is BadHttpRequestException or StoreUnavailableException or AuthorityUnavailableException
        ? exception.Message
        : null;
}
