namespace OcfCloud.CloudLinking.Targets;

/// <summary>Paths below a Target's base URL. A client of ours chose a part of them: it must not lead out of the API, and goes out as it is.</summary>
internal static class TargetPath
{
    /// <summary>Where devices are, below the base URL.</summary>
    public const string Devices = "/api/v1/devices";

    // Sent as it stands: what Uri would tidy up belongs to the device.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether a path and query is visible ASCII, begins with a slash and has no segment that steps up, however it is written.</summary>
    public static bool IsClean(string path)
    {
        if (path.Length == 0 || path[0] != '/') return false;
        foreach (var c in path)
        {
            if (c is <= ' ' or > '~' or '#' or '\\') return false;
        }

        var end = path.IndexOf('?', StringComparison.Ordinal);
        return Uri.UnescapeDataString(end < 0 ? path : path[..end]).Split('/', '\\').All(segment => segment is not ("." or ".."));
    }

    /// <summary>The whole URL.</summary>
    public static Uri Below(string url, string path) => new(url + path, AsItIs);
}
