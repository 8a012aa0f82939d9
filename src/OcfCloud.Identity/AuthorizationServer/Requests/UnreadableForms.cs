using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.AuthorizationServer.Requests;

/// <summary>What is said of forms that cannot be read: too many fields, a name or a value that is too long, parts without an end.</summary>
internal static class UnreadableForms
{
    private static readonly PathString[] Endpoints = [OAuthPaths.Token, OAuthPaths.Revocation, OAuthPaths.Introspection];

    /// <summary>Whether an exception says that the request's form cannot be read. The check of a form against forgery is the first to read it, and wraps what it meets.</summary>
    public static bool IsOne(Exception exception) => exception is InvalidDataException or AntiforgeryValidationException;

    /// <summary>Answers as the endpoint's clients expect it (RFC 6749, 5.2); for all others the refusal is thrown on.</summary>
    /// <exception cref="BadHttpRequestException">The refusal: 400, or what the reading itself refused with (413).</exception>
    public static Task RefuseAsync(HttpContext context, Exception exception)
    {
        if (exception.InnerException is BadHttpRequestException refusal) throw refusal;
        if (context.Response.HasStarted || !Endpoints.Contains(context.Request.Path))
            throw new BadHttpRequestException("The form cannot be read.", StatusCodes.Status400BadRequest, exception);
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { [Parameters.Error] = Errors.InvalidRequest, [Parameters.ErrorDescription] = "The form cannot be read." },
            context.RequestAborted);
    }
}
