using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OcfCloud.Host.Commands;

/// <summary>A command's answer: sentences and tables for people, or with <c>--json</c> one JSON value as the last line.</summary>
internal sealed class CommandOutput(TextWriter output, bool json)
{
    // For shells as well as for programs: "+" is written as "+".
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line for people; nothing with <c>--json</c>.</summary>
    public void Say(string line)
    {
        if (!json)
        {
            output.WriteLine(line);
        }
    }

    /// <summary>A table for people; nothing with <c>--json</c>.</summary>
    public void Table(IReadOnlyList<string> header, IReadOnlyCollection<string[]> rows)
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        foreach (var row in rows.Prepend([.. header]))
        {
            Say(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>The value for programs; nothing without <c>--json</c>.</summary>
    public void Value(JsonNode value)
    {
        if (json)
        {
            output.WriteLine(value.ToJsonString(Plain));
        }
    }
}
