using System.Globalization;
using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>Hints as payloads of NOTIFY: the sender, then one hint a line. A payload stays under PostgreSQL's 8,000 bytes.</summary>
internal static class HintCodec
{
    internal const string Channel = "ocfcloud_hints";
    internal const int MaxPayload = 7900;
    internal const int MaxPayloads = 10;

    private const string EverythingLine = "*";

    /// <summary>Writes hints into at most <see cref="MaxPayloads"/> payloads; what does not fit is one "everything changed".</summary>
    public static IReadOnlyList<string> Encode(Guid sender, IReadOnlyList<Hint> hints)
    {
        var payloads = new List<string>();
        var payload = new StringBuilder(sender.ToString("N"));
        foreach (var hint in hints)
        {
            var line = string.Create(
                CultureInfo.InvariantCulture, $"\n{(int)hint.Kind} {hint.User.Value:N} {(hint.Device is { } device ? device.Value.ToString("N") : "-")} {hint.Session}");
            if (payload.Length + line.Length > MaxPayload)
            {
                payloads.Add(payload.ToString());
                payload.Clear().Append(sender.ToString("N"));
            }
            payload.Append(line);
        }
        payloads.Add(payload.ToString());
        return payloads.Count <= MaxPayloads ? payloads : [$"{sender:N}\n{EverythingLine}"];
    }

    /// <summary>Reads a payload. One that cannot be read (another release's) is "everything changed".</summary>
    public static (Guid Sender, IReadOnlyList<Hint> Hints) Decode(string payload)
    {
        var lines = payload.Split('\n');
        if (!Guid.TryParseExact(lines[0], "N", out var sender)) return (Guid.Empty, [Hint.Everything]);
        var hints = new List<Hint>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            if (!TryRead(line, out var hint)) return (sender, [Hint.Everything]);
            hints.Add(hint);
        }
        return (sender, hints);
    }

    private static bool TryRead(string line, out Hint hint)
    {
        hint = default;
        var parts = line.Split(' ');
        if (parts.Length != 4
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kind)
            || !Guid.TryParseExact(parts[1], "N", out var user)
            || !long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var session))
        {
            return false;
        }
        DeviceId? device = null;
        if (parts[2] != "-")
        {
            if (!Guid.TryParseExact(parts[2], "N", out var id)) return false;
            device = new DeviceId(id);
        }
        hint = new Hint((EventKind)kind, new UserId(user), device, session);
        return true;
    }
}
