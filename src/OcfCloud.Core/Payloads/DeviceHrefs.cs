using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Payloads;

/// <summary>The hrefs of a device's links as others use them: below its id (cloud-to-cloud.md, 1.3).</summary>
public static class DeviceHrefs
{
    private const int IdLength = 36;

    /// <summary>Puts the device's id before a path; what starts with it already, and what is no path of the device (absolute, relative, of another host), stays.</summary>
    public static string Add(DeviceId device, string href) => IsPath(href) && !StartsWithId(device, href) ? $"/{device}{href}" : href;

    /// <summary>Takes the device's id off a path; anything else stays.</summary>
    public static string Remove(DeviceId device, string href) => !StartsWithId(device, href) ? href : href.Length == IdLength + 1 ? "/" : href[(IdLength + 1)..];

    /// <summary>Puts the id before every href of a representation: those of objects that have <c>rt</c> or <c>rep</c> beside it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="payload">CBOR.</param>
    /// <param name="rewritten">The same payload where nothing was to do.</param>
    /// <returns>False where it is no CBOR.</returns>
    public static bool TryAddToCbor(DeviceId device, ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> rewritten) =>
        CborHrefs.TryRewrite(payload, href => Add(device, href), out rewritten);

    /// <summary>Takes the id off, in the same places.</summary>
    /// <inheritdoc cref="TryAddToCbor"/>
    public static bool TryRemoveFromCbor(DeviceId device, ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> rewritten) =>
        CborHrefs.TryRewrite(payload, href => Remove(device, href), out rewritten);

    /// <summary>Puts the id before every href of a representation in JSON.</summary>
    /// <param name="device">The device.</param>
    /// <param name="payload">JSON in UTF-8.</param>
    /// <param name="rewritten">The JSON; numbers stay as they were written.</param>
    /// <returns>False where it is no JSON.</returns>
    public static bool TryAddToJson(DeviceId device, ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out byte[]? rewritten) =>
        JsonHrefs.TryRewrite(payload, href => Add(device, href), out rewritten);

    /// <summary>Takes the id off, in the same places.</summary>
    /// <inheritdoc cref="TryAddToJson"/>
    public static bool TryRemoveFromJson(DeviceId device, ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out byte[]? rewritten) =>
        JsonHrefs.TryRewrite(payload, href => Remove(device, href), out rewritten);

    private static bool IsPath(string href) => href.StartsWith('/') && !href.StartsWith("//", StringComparison.Ordinal);

    private static bool StartsWithId(DeviceId device, string href) =>
        href.Length > IdLength && href[0] == '/' && (href.Length == IdLength + 1 || href[IdLength + 1] is '/' or '?')
        && DeviceId.TryParse(href.AsSpan(1, IdLength), out var id) && id == device;
}
