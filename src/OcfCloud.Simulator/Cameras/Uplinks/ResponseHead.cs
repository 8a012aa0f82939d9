using System.Globalization;
using System.Text;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>The head of an HTTP/1.1 answer: to the upgrade, behind which other bytes follow at once.</summary>
internal sealed class ResponseHead
{
    private const int MaxLength = 16 * 1024;
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private ResponseHead(int status) => Status = status;

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>The value of a field; null where there is none.</summary>
    public string? this[string field] => _fields.GetValueOrDefault(field);

    /// <summary>Reads a head and not one byte more.</summary>
    /// <exception cref="UplinkFailedException">What came is none.</exception>
    public static async Task<ResponseHead> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (text.Length < 4 || text.ToString(text.Length - 4, 4) != "\r\n\r\n")
        {
            if (text.Length == MaxLength || await stream.ReadAsync(one, cancellationToken) == 0)
                throw new UplinkFailedException("the remote client answers nothing like HTTP/1.1");
            text.Append((char)one[0]);
        }

        // RFC 9112, 4: the version, a space, three digits.
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines is not [var first, ..] || !first.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || first.Length < 12
            || !int.TryParse(first.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new UplinkFailedException("the remote client answers nothing like HTTP/1.1");
        }

        var head = new ResponseHead(status);
        foreach (var line in lines.AsSpan(1))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
                head._fields[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return head;
    }
}
