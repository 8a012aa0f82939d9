using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Devices;

/// <summary>What is asked of devices: <c>content=base|all</c>, and <c>rt=</c>, of which one has to be the device's.</summary>
/// <param name="Content">How much of them.</param>
/// <param name="Types">Device types; empty: any.</param>
internal sealed record ListQuery(DeviceContent Content, IReadOnlyList<string> Types)
{
    /// <summary>Reads the query.</summary>
    /// <param name="query">The query; other members than these two are nobody's.</param>
    /// <param name="wanted">What is asked.</param>
    /// <param name="refusal">Why it is not understood (400).</param>
    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out ListQuery? wanted, [NotNullWhen(false)] out string? refusal)
    {
        refusal = null;
        wanted = query["content"] switch
        {
            { Count: 0 } => new ListQuery(DeviceContent.Base, TypesOf(query["rt"])),
            ["base"] => new ListQuery(DeviceContent.Base, TypesOf(query["rt"])),
            ["all"] => new ListQuery(DeviceContent.All, TypesOf(query["rt"])),
            _ => null,
        };
        if (wanted is null) refusal = "content has to be base or all.";
        return wanted is not null;
    }

    /// <summary>Whether a device is one of those that are asked for.</summary>
    public bool Matches(DeviceProperties device) => Types.Count == 0 || device.Rt.Any(rt => Types.Contains(rt, StringComparer.Ordinal));

    private static string[] TypesOf(StringValues rt) => [.. rt.OfType<string>()];
}
