using System.Text.Json;

namespace OcfCloud.Host.Tests.OpenApi;

/// <summary>
/// The ONVIF operations against cloudintegration.yaml, of which official-onvif.json lists the names, types and values: every difference is in <see cref="OnvifDifferences"/> with its reason, and every one there
/// is real. The committed document stands for the served one, which another test sees to.
/// </summary>
public sealed class OnvifDocumentTests
{
    private const string Base = "/onvif/cloud";

    private readonly JsonElement _official = Read("tests/OcfCloud.Host.Tests/OpenApi/official-onvif.json");
    private readonly JsonElement _ours = Read("openapi/v1.json");

    [Fact]
    public void Every_difference_is_on_purpose()
    {
        var unknown = Differences().Where(found => !OnvifDifferences.All.Any(known => (known.Where, known.What) == found));
        Assert.Equal("", string.Join('\n', unknown.Select(found => $"{found.Where}: {found.What}")));
    }

    [Fact]
    public void Every_difference_of_the_table_is_one()
    {
        var differences = Differences();
        var gone = OnvifDifferences.All.Where(known => !differences.Contains((known.Where, known.What)));
        Assert.Equal("", string.Join('\n', gone.Select(known => $"{known.Where}: {known.What}")));
    }

    private List<(string Where, string What)> Differences()
    {
        var found = new List<(string, string)>();
        var ours = _ours.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith(Base + "/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name[Base.Length..].Replace("/{nonce}", "", StringComparison.Ordinal)}", operation.Value)))
            .ToDictionary(operation => operation.Name, operation => operation.Value, StringComparer.Ordinal);
        foreach (var operation in _official.GetProperty("operations").EnumerateObject())
        {
            if (ours.Remove(operation.Name, out var mine)) Compare(found, operation.Name, operation.Value, mine);
            else found.Add((operation.Name, "operation missing"));
        }

        found.AddRange(ours.Keys.Select(name => (name, "operation more")));
        foreach (var schema in _official.GetProperty("schemas").EnumerateObject()) CompareSchema(found, schema.Name, schema.Value);
        return found;
    }

    private void Compare(List<(string Where, string What)> found, string name, JsonElement official, JsonElement ours)
    {
        var mine = Operation.OfOurs(ours);
        if (official.GetProperty("body").GetString() is var body && body != mine.Body) found.Add((name, $"body {mine.Body} for {body}"));
        Compare(found, name, "parameter", Texts(official.GetProperty("parameters")), mine.Parameters);
        Compare(found, name, "status", Texts(official.GetProperty("statuses")), mine.Statuses);
        Compare(found, name, "scope", [], mine.Scopes);
        var answer = ours.GetProperty("responses").GetProperty("200") is var good && good.TryGetProperty("content", out var content)
            ? TypeOf(content.EnumerateObject().First().Value.GetProperty("schema"))
            : "none";
        if (official.GetProperty("answer").GetString() is var expected && expected != answer) found.Add((name, $"answer {answer} for {expected}"));
        var error = ours.GetProperty("responses").TryGetProperty("400", out var bad) && bad.TryGetProperty("content", out var problem) ? TypeOf(problem.EnumerateObject().First().Value.GetProperty("schema")) : "none";
        if (official.GetProperty("error").GetString() is var words && words != error) found.Add((name, $"error {error} for {words}"));
    }

    private void CompareSchema(List<(string Where, string What)> found, string name, JsonElement official)
    {
        if (!_ours.GetProperty("components").GetProperty("schemas").TryGetProperty(name, out var mine))
        {
            found.Add((name, "schema missing"));
            return;
        }

        var types = _official.GetProperty("types");
        var expected = official.GetProperty("members").EnumerateObject().ToDictionary(member => member.Name, member => Resolved(types, member.Value.GetString()!), StringComparer.Ordinal);
        var members = mine.GetProperty("properties").EnumerateObject().ToDictionary(member => member.Name, member => TypeOf(member.Value), StringComparer.Ordinal);
        Compare(found, name, "member", expected.Keys, members.Keys);
        Compare(found, name, "required member", Texts(official.GetProperty("required")), mine.TryGetProperty("required", out var required) ? Texts(required) : []);
        found.AddRange(expected.Where(member => members.TryGetValue(member.Key, out var type) && type != member.Value).Select(member => (name, $"{member.Key} is {members[member.Key]} for {member.Value}")));
    }

    private static void Compare(List<(string Where, string What)> found, string name, string kind, IEnumerable<string> official, IEnumerable<string> ours)
    {
        found.AddRange(official.Except(ours, StringComparer.Ordinal).Select(item => (name, $"{kind} {item} missing")));
        found.AddRange(ours.Except(official, StringComparer.Ordinal).Select(item => (name, $"{kind} {item} more")));
    }

    private static string Resolved(JsonElement types, string type)
    {
        var bare = type.Replace("[]", "", StringComparison.Ordinal);
        return types.TryGetProperty(bare, out var stands) ? stands.GetString() + type[bare.Length..] : type;
    }

    private string TypeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            // Whether an enumeration has a name of its own makes no difference to a caller.
            var name = reference.GetString()!.Split('/')[^1];
            var named = _ours.GetProperty("components").GetProperty("schemas").GetProperty(name);
            return named.TryGetProperty("enum", out _) ? TypeOf(named) : name;
        }

        if (schema.TryGetProperty("items", out var items)) return TypeOf(items) + "[]";
        var type = !schema.TryGetProperty("type", out var kind) ? "any" : kind.ValueKind == JsonValueKind.Array ? string.Join('|', Texts(kind).Order(StringComparer.Ordinal)) : kind.GetString();
        if (schema.TryGetProperty("enum", out var values)) return $"{type}{{{string.Join(',', Texts(values).Order(StringComparer.Ordinal))}}}";
        return schema.TryGetProperty("format", out var format) ? $"{type}({format.GetString()})" : type!;
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static JsonElement Read(string file)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OcfCloud.sln"))) folder = Path.GetDirectoryName(folder)!;
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file))).RootElement;
    }
}
