using System.Text.Json;

namespace OcfCloud.Host.Tests.OpenApi;

/// <summary>What two API documents can be compared by.</summary>
internal sealed record Operation(
    IReadOnlyCollection<string> Parameters, string Body, IReadOnlyCollection<string> Statuses, IReadOnlyCollection<string> Scopes, string Answer)
{
    /// <summary>Reads an operation of official.json.</summary>
    public static Operation OfOfficial(JsonElement operation) => new(
        Texts(operation.GetProperty("parameters")),
        operation.GetProperty("body").GetString() ?? "none",
        Texts(operation.GetProperty("statuses")),
        Texts(operation.GetProperty("scopes")),
        operation.GetProperty("answer").GetString() ?? "none");

    /// <summary>Reads an operation of an OpenAPI document.</summary>
    public static Operation OfOurs(JsonElement operation) => new(
        operation.TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Select(parameter => $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}")]
            : [],
        operation.TryGetProperty("requestBody", out var body) ? ContentOf(body) : "none",
        [.. operation.GetProperty("responses").EnumerateObject().Select(response => response.Name)],
        operation.TryGetProperty("security", out var security)
            ? [.. security.EnumerateArray().SelectMany(way => way.TryGetProperty("oauth2", out var scopes) ? Texts(scopes) : [])]
            : [],
        ContentOf(operation.GetProperty("responses").EnumerateObject().First(response => response.Name[0] == '2').Value));

    /// <summary>Two operations of the official document that are one: it writes a query parameter's values into paths.</summary>
    public Operation With(Operation other) => new(
        [.. Parameters.Union(other.Parameters)], Body, [.. Statuses.Union(other.Statuses)], Scopes, Answer == other.Answer ? Answer : $"{Answer}|{other.Answer}");

    private static string ContentOf(JsonElement holder) =>
        holder.TryGetProperty("content", out var content) ? NameOf(content.EnumerateObject().First().Value.TryGetProperty("schema", out var schema) ? schema : default) : "none";

    private static string NameOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return "any";
        if (schema.TryGetProperty("$ref", out var reference)) return reference.GetString()!.Split('/')[^1];
        if (schema.TryGetProperty("anyOf", out var choice)) return string.Join('|', choice.EnumerateArray().Select(NameOf));
        return schema.TryGetProperty("items", out var items) ? NameOf(items) + "[]" : "any";
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}
