using System.Text.Json;

namespace OcfCloud.Host.Tests.OpenApi;

/// <summary>
/// The Devices and Events API against the official OpenAPI document (ISO/IEC 30118-10), of which official.json lists the names and values: every difference is in
/// <see cref="DeliberateDifferences"/> with its reason, and every one there is real. The committed document stands for the served one, which another test sees to.
/// </summary>
public sealed class OfficialDocumentTests
{
    private readonly JsonElement _official = Read("tests/OcfCloud.Host.Tests/OpenApi/official.json");
    private readonly JsonElement _ours = Read("openapi/v1.json");

    [Fact]
    public void Every_difference_is_on_purpose()
    {
        var unknown = Differences().Where(found => !DeliberateDifferences.All.Any(known => known.Covers(found.Where, found.What)));

        var text = string.Join('\n', unknown.Select(found => $"{found.Where}: {found.What}"));
        Assert.True(text.Length == 0, text);
    }

    [Fact]
    public void Every_difference_of_the_table_is_one()
    {
        var differences = Differences();

        var gone = DeliberateDifferences.All.Where(known => !differences.Any(found => known.Covers(found.Where, found.What)));

        var text = string.Join('\n', gone.Select(known => $"{known.Where}: {known.What}"));
        Assert.True(text.Length == 0, text);
    }

    private List<(string Where, string What)> Differences()
    {
        var found = new List<(string, string)>();
        var official = OfficialOperations(found);
        var ours = _ours.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/v1/devices", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", Operation: Operation.OfOurs(operation.Value))))
            .ToDictionary(operation => operation.Name, operation => operation.Operation, StringComparer.Ordinal);
        foreach (var (name, operation) in official)
        {
            if (!ours.TryGetValue(name, out var mine))
            {
                found.Add((name, "operation missing"));
                continue;
            }

            Compare(found, name, "parameter", operation.Parameters, mine.Parameters);
            Compare(found, name, "status", operation.Statuses, mine.Statuses);
            Compare(found, name, "scope", operation.Scopes, mine.Scopes);
            if (operation.Body != mine.Body) found.Add((name, $"body {mine.Body} for {operation.Body}"));
            if (operation.Answer != mine.Answer) found.Add((name, $"answer {mine.Answer} for {operation.Answer}"));
        }

        found.AddRange(ours.Keys.Except(official.Keys).Select(name => (name, "operation more")));
        CompareSchemas(found);
        return found;
    }

    private Dictionary<string, Operation> OfficialOperations(List<(string Where, string What)> found)
    {
        var official = new Dictionary<string, Operation>(StringComparer.Ordinal);
        foreach (var path in _official.GetProperty("paths").EnumerateObject())
        {
            var bare = path.Name.Split('?')[0];
            if (bare != path.Name) found.Add((path.Name, "query in the path"));
            foreach (var method in path.Value.EnumerateObject())
            {
                var operation = Operation.OfOfficial(method.Value);
                var name = $"{method.Name} {bare}";
                official[name] = official.TryGetValue(name, out var former) ? former.With(operation) : operation;
            }
        }

        return official;
    }

    private void CompareSchemas(List<(string Where, string What)> found)
    {
        var ours = _ours.GetProperty("components").GetProperty("schemas");
        foreach (var schema in _official.GetProperty("schemas").EnumerateObject())
        {
            if (!ours.TryGetProperty(schema.Name, out var mine))
            {
                found.Add((schema.Name, "schema missing"));
                continue;
            }

            if (schema.Value.TryGetProperty("values", out var values))
            {
                Compare(found, schema.Name, "value", Texts(values), Texts(mine.GetProperty("enum")));
                continue;
            }

            Compare(found, schema.Name, "member", Texts(schema.Value.GetProperty("members")), [.. mine.GetProperty("properties").EnumerateObject().Select(member => member.Name)]);
            Compare(found, schema.Name, "required member", Texts(schema.Value.GetProperty("required")), mine.TryGetProperty("required", out var required) ? Texts(required) : []);
        }
    }

    private static void Compare(List<(string Where, string What)> found, string name, string kind, IReadOnlyCollection<string> official, IReadOnlyCollection<string> ours)
    {
        found.AddRange(official.Except(ours).Select(item => (name, $"{kind} {item} missing")));
        found.AddRange(ours.Except(official).Select(item => (name, $"{kind} {item} more")));
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static JsonElement Read(string file)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OcfCloud.sln"))) folder = Path.GetDirectoryName(folder)!;
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file))).RootElement;
    }
}
