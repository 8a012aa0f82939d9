using System.Globalization;
using System.Text;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The first line and the headers of a message of HTTP/1.1; what follows is left in the stream.</summary>
internal sealed record HttpHead(string FirstLine, IReadOnlyDictionary<string, string> Headers)
{
    public int ContentLength => Headers.TryGetValue("content-length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0;

    /// <summary>Reads one.</summary>
    /// <exception cref="EndOfStreamException">There is no whole one.</exception>
    public static async Task<HttpHead> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        // A byte at a time: not one of what follows may be taken.
        var text = new StringBuilder();
        var one = new byte[1];
        while (text.Length < 4 || text.ToString(text.Length - 4, 4) != "\r\n\r\n")
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            text.Append((char)one[0]);
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new HttpHead(lines[0], lines[1..].ToDictionary(l => l[..l.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant(), l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
    }
}
