using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Console.Security;

/// <summary>Where a page may send a browser next: to this host alone, whatever the request says.</summary>
internal static class LocalUrl
{
    /// <summary>Whether a text is a path of this host: one slash, then neither a second nor a backslash, which browsers read as one; and it
    /// is written as a header takes it, in visible ASCII.</summary>
    public static bool Is([NotNullWhen(true)] string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && url.All(character => character is > ' ' and <= '~');

    /// <summary>The text, or a page of ours.</summary>
    public static string Or(string? url, string otherwise) => Is(url) ? url : otherwise;
}
