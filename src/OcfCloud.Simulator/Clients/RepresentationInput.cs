using System.Text.Json;
using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Clients;

/// <summary>What people type to change a resource: a JSON object, or <c>key=value</c> pairs.</summary>
internal static class RepresentationInput
{
    /// <summary>Reads the words of a command line.</summary>
    /// <exception cref="FormatException">They are neither; the message says what is wrong.</exception>
    public static JsonObject Parse(IReadOnlyList<string> words)
    {
        if (words.Count > 0 && words[0].TrimStart().StartsWith('{'))
            return ParseObject(string.Join(' ', words));
        var body = new JsonObject();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new FormatException($"\"{word}\" is no JSON object and no key=value.");
            var key = word[..equals];
            if (body.ContainsKey(key))
                throw new FormatException($"{key} is given twice.");
            body[key] = ParseValue(word[(equals + 1)..]);
        }

        return body;
    }

    private static JsonObject ParseObject(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new FormatException($"\"{text}\" is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"\"{text}\" is no JSON: {e.Message}", e);
        }
    }

    // true, 42, "text" in quotes, [1,2] and the like are what JSON says; anything else is a text.
    private static JsonNode? ParseValue(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
