namespace OcfCloud.Identity.Clients;

/// <summary>What may be registered as a redirect URI; requests have to repeat it to the letter (RFC 9700, 2.1).</summary>
public static class RedirectUriRules
{
    private const int MaxLength = 2000;

    /// <summary>The sentence that refuses a URI, or null for a good one.</summary>
    public static string? Refuse(string text, bool isPublic)
    {
        if (text.Length > MaxLength || text.Any(character => character is <= ' ' or >= (char)127) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return $"\"{text}\" is no absolute URI.";
        if (text.Contains('#', StringComparison.Ordinal)) return $"\"{text}\": a redirect URI has no fragment.";
        if (uri.UserInfo.Length > 0) return $"\"{text}\": a redirect URI has no user in it.";
        if (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) return null;

        // RFC 8252, 7.1: apps may have a scheme of their own, a reversed domain name.
        return isPublic && uri.Scheme.Contains('.', StringComparison.Ordinal)
            ? null
            : $"\"{text}\": a redirect URI begins with https://, or with http:// on a loopback address.";
    }

    /// <summary>What is kept: of a public client's loopback URI the port is free (RFC 8252, 7.3), so it is left out.</summary>
    internal static string Kept(string text, bool isPublic)
    {
        var uri = new Uri(text);
        return isPublic && uri.IsLoopback && uri.Scheme == Uri.UriSchemeHttp && !uri.IsDefaultPort
            ? $"http://{uri.Host}{uri.PathAndQuery}"
            : text;
    }
}
