using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace OcfCloud.Onvif.Sharing;

/// <summary>An address that another cloud wrote, read more strictly than <see cref="Uri"/> does: it is handed on as it is written, to cameras that may read it in another way.</summary>
internal sealed class RemoteUrl
{
    /// <summary>Characters of an address.</summary>
    public const int MaxLength = 2048;

    // RFC 1035, 2.3.4, as text.
    private const int MaxHostLength = 253;

    private readonly Uri _uri;

    private RemoteUrl(string text, Uri uri)
    {
        Text = text;
        _uri = uri;
        Host = uri.IdnHost.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Lower case, without a dot at its end.</summary>
    public string Host { get; }

    /// <summary>As it is looked up: one with a dot at its end may be found elsewhere than one without.</summary>
    public string LookedUpHost => _uri.IdnHost.ToLowerInvariant();

    /// <summary>Host and port.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{_uri.Port}");

    /// <summary>What two addresses of one place have in common: scheme, host, default port and a slash at the end do not tell them apart by the way they are written.</summary>
    public string Normalised => $"{_uri.Scheme}://{Authority}{_uri.AbsolutePath.TrimEnd('/')}{_uri.Query}";

    /// <summary>Reads an absolute https address, or a wss one where that is allowed: RFC 3986's characters, a host, no user information, no fragment.</summary>
    /// <returns>False for everything else, and for a host that some would read as an address of numbers and others as a name.</returns>
    public static bool TryRead(string? text, bool allowsWebSocket, [NotNullWhen(true)] out RemoteUrl? url)
    {
        url = null;
        if (text is not { Length: > 0 and <= MaxLength } || !text.All(IsOfUrls)) return false;
        if (!text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !(allowsWebSocket && text.StartsWith("wss://", StringComparison.OrdinalIgnoreCase))) return false;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.IdnHost.Length == 0 || uri.Port is < 1 or > 65535) return false;
        var authority = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/', '?', '#')[0];
        if (authority.Contains('@', StringComparison.Ordinal) || authority.Contains('%', StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal)) return false;
        var read = new RemoteUrl(text, uri);

        // With a dot at its end Uri takes numbers for a name, and what connects takes them for an address.
        var isNumeric = EndsInNumber(read.Host) || IPAddress.TryParse(read.Host, out _);
        if (read.Host.Length is 0 or > MaxHostLength || (isNumeric && (uri.IdnHost.EndsWith('.') || !IPAddress.TryParse(read.Host, out _)))) return false;
        url = read;
        return true;
    }

    /// <summary>Whether the host is that one or below it.</summary>
    /// <param name="host">Lower case.</param>
    public bool IsOf(string host) => Host == host || Host.EndsWith("." + host, StringComparison.Ordinal);

    /// <summary>The authority of an address of ours.</summary>
    public static string AuthorityOf(string url) => new RemoteUrl(url, new Uri(url)).Authority;

    private static bool EndsInNumber(string host)
    {
        var label = host[(host.LastIndexOf('.') + 1)..];
        return label.Length > 0 && (label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigit)));
    }

    private static bool IsOfUrls(char character) => char.IsAsciiLetterOrDigit(character) || "-._~:/?#[]@!$&'()*+,;=%".Contains(character, StringComparison.Ordinal);
}
