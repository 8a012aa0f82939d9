using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Clients;

/// <summary>
/// What people type for a resource: <c>/di/href</c>, a device's name and the href (<c>light-1/light/switch</c>), or the href alone where one device has it.
/// </summary>
internal static class TargetPath
{
    /// <summary>Whether the path says its device by its id, so that nobody has to be asked; a path of the cloud itself (<c>/oic/res</c>) too.</summary>
    public static bool IsComplete(string path) =>
        OcfUuid.TryParse(FirstSegment(path), out _) || path.TrimStart('/').StartsWith("oic/", StringComparison.Ordinal);

    /// <summary>The path with a slash in front and its device's id in lower case.</summary>
    public static string Complete(string path)
    {
        var first = FirstSegment(path);
        return OcfUuid.TryParse(first, out var id) ? $"/{OcfUuid.Format(id)}{path.TrimStart('/')[first.Length..]}" : "/" + path.TrimStart('/');
    }

    /// <summary>Finds the one resource that is meant.</summary>
    /// <param name="path">As typed.</param>
    /// <param name="links">What was discovered.</param>
    /// <param name="names">Names of the devices.</param>
    /// <exception cref="FormatException">None is meant, or more than one; the message says so.</exception>
    public static string Resolve(string path, IReadOnlyList<DiscoveredLink> links, IReadOnlyDictionary<Guid, KnownDevice> names)
    {
        var first = FirstSegment(path);
        var rest = path.TrimStart('/')[first.Length..];
        var named = names.Where(n => string.Equals(n.Value.Name, first, StringComparison.OrdinalIgnoreCase)).Select(n => n.Key).ToList();
        if (named.Count == 1 && rest.Length > 1)
            return $"/{OcfUuid.Format(named[0])}{rest}";
        if (named.Count > 1)
            throw new FormatException($"{first} is the name of {named.Count} devices: {string.Join(", ", named.Select(OcfUuid.Format))}.");

        var question = path.IndexOf('?', StringComparison.Ordinal);
        var href = "/" + (question < 0 ? path : path[..question]).TrimStart('/');
        var meant = links.Where(l => l.LocalHref == href).ToList();
        return meant.Count switch
        {
            1 => meant[0].Href + (question < 0 ? "" : path[question..]),
            0 => throw new FormatException($"No device is named {first}, and none has {href}; see client discover."),
            _ => throw new FormatException($"{href} is on {meant.Count} devices: {string.Join(", ", meant.Select(l => l.Href))}."),
        };
    }

    private static string FirstSegment(string path)
    {
        var trimmed = path.TrimStart('/');
        var end = trimmed.AsSpan().IndexOfAny('/', '?');
        return end < 0 ? trimmed : trimmed[..end];
    }
}
