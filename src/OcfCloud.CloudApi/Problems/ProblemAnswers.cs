using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Problems;

/// <summary>Gives every error of the HTTP doors a body of problem details (RFC 9457), also where no endpoint was reached.</summary>
public static class ProblemAnswers
{
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

            if (context.ProblemDetails.Status == StatusCodes.Status503ServiceUnavailable)
            {
                context.HttpContext.Response.Headers.RetryAfter = "5";
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
