using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OcfCloud.CloudApi.Devices;

/// <summary>The segments of a request's path as its caller wrote them: routing decodes all but <c>%2F</c>, which makes two paths one.</summary>
internal static class RawPath
{
    /// <summary>Reads the segments behind a prefix, still encoded; one that is empty stays.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prefix">As it is mapped: without a slash at its end.</param>
    /// <param name="segments">The segments.</param>
    /// <returns>False where the path does not begin so.</returns>
    public static bool TryReadSegments(HttpRequest request, string prefix, [NotNullWhen(true)] out string[]? segments)
    {
        segments = null;
        var path = PathOf(request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "");
        if (path.Length <= prefix.Length || path[prefix.Length] != '/' || !path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return false;
        segments = path[(prefix.Length + 1)..].Split('/');
        return true;
    }

    /// <summary>The path of a request's target, without its query; empty where it has none.</summary>
    /// <remarks>RFC 9112, 3.2.2: the target may be a whole URI.</remarks>
    public static string PathOf(string target)
    {
        var end = target.IndexOf('?', StringComparison.Ordinal);
        if (end >= 0) target = target[..end];
        if (target.StartsWith('/')) return target;
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        var slash = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
        return slash < 0 ? "" : target[slash..];
    }
}
