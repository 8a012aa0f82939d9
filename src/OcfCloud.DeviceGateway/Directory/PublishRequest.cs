using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Directory;

/// <summary>A publish that is right in every field (device-to-cloud.md, 6; <c>oic.wk.rd</c>).</summary>
/// <param name="Device">Whose links these are.</param>
/// <param name="Links">One or more.</param>
/// <param name="Ttl">Seconds as they were sent; 0 or -1 = unlimited.</param>
internal sealed record PublishRequest(DeviceId Device, IReadOnlyList<ResourceLink> Links, long Ttl)
{
    // 68 years: a longer time is none, and a calendar ends somewhere.
    private const long MaxTtl = int.MaxValue;

    /// <summary>The same as a time; null = unlimited.</summary>
    public TimeSpan? Lifetime => Ttl is > 0 and <= MaxTtl ? TimeSpan.FromSeconds(Ttl) : null;

    /// <summary>Reads it; null where <see cref="RequestBody.Problem"/> says why not.</summary>
    public static PublishRequest? Read(RequestBody body)
    {
        var device = body.Device("di");
        var maps = body.Maps("links");
        var links = new List<ResourceLink>(maps.Count);
        for (var i = 0; i < maps.Count && body.Problem is null; i++)
        {
            if (ReadLink(maps[i], out var problem) is { } link) links.Add(link);
            else body.Report($"links[{i}]", problem);
        }
        var ttl = body.Integer("ttl");
        if (ttl < -1) body.Report("ttl", "below -1");
        return body.Problem is null ? new PublishRequest(device, links, ttl) : null;
    }

    private static ResourceLink? ReadLink(CborMap map, out string problem)
    {
        var link = new RequestBody(map);
        if (!ResourceHref.TryParse(link.Text("href"), out var href))
            link.Report("href", $"no path of up to {ResourceHref.MaxLength} characters that begins with / and has no query");
        var rt = ReadValues(link, map, "rt");
        var @if = ReadValues(link, map, "if");
        var bm = ReadBitmap(link, map);
        // A number of ours takes its place, whichever it is.
        if (map.Integer("ins", out var ins) is var found && (found == CborMember.WrongType || ins is < 0 or > uint.MaxValue))
            link.Report("ins", "no unsigned integer of 32 bits");
        problem = link.Problem is { } reported ? $"wrong: {reported}" : "too large: it has too many values or parameters";
        return link.Problem is null && ResourceLink.TryCreate(href, rt, @if, bm, map.Members.Select(m => new LinkParameter(m.Key, m.Value)), out var created)
            ? created
            : null;
    }

    private static IReadOnlyList<string> ReadValues(RequestBody link, CborMap map, string name)
    {
        switch (map.Texts(name, out var values))
        {
            case CborMember.Absent:
                link.Report(name, "missing");
                break;
            case CborMember.WrongType:
                link.Report(name, "no array of texts");
                break;
            default:
                if (values.Count == 0) link.Report(name, "empty");
                if (values.Any(v => v.Length is 0 or > ResourceLink.MaxValueLength)) link.Report(name, $"not of values of 1 to {ResourceLink.MaxValueLength} characters");
                break;
        }
        return values;
    }

    private static int ReadBitmap(RequestBody link, CborMap map)
    {
        const int Discoverable = 1;
        switch (map.Map("p", out var policy))
        {
            case CborMember.Absent:
                return Discoverable;
            case CborMember.WrongType:
                link.Report("p", "no map");
                return Discoverable;
        }
        if (policy!.Integer("bm", out var bm) == CborMember.Found && bm is >= 0 and <= byte.MaxValue) return (int)bm;
        link.Report("p.bm", $"no integer from 0 to {byte.MaxValue}");
        return Discoverable;
    }
}
