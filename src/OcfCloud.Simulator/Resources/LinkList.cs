using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Resources;

/// <summary><c>/oic/res</c> of a device, and the same links as it publishes them.</summary>
/// <param name="deviceId">Whose links they are.</param>
/// <param name="resources">What there is.</param>
internal sealed class LinkList(Guid deviceId, IReadOnlyList<DeviceResource> resources)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/oic/res";

    // Discoverable and observable: a cloud may observe all resources at once by the batch interface.
    private const int ObservableAsBatch = 3;

    private static readonly string[] Types = ["oic.wk.res"];
    private static readonly string[] Interfaces = [OcfInterfaces.LinkList, OcfInterfaces.Batch, OcfInterfaces.Baseline];

    /// <summary>The representation.</summary>
    /// <param name="queries">The request's query, each <c>key=value</c>.</param>
    /// <param name="requester">Who asks: the cloud is not shown what is not published.</param>
    /// <param name="endpoint">The endpoint to put into the links, or null.</param>
    public ResourceOutcome Retrieve(IReadOnlyList<string> queries, Requester requester, string? endpoint)
    {
        var visible = resources.Where(r => r.IsPublished || requester != Requester.Cloud);
        foreach (var type in Values(queries, "rt"))
            visible = visible.Where(r => r.Types.Contains(type, StringComparer.Ordinal));

        var @interface = Values(queries, "if").FirstOrDefault() ?? OcfInterfaces.LinkList;
        var links = Links(visible, endpoint);
        if (Values(queries, "rt").All(type => Types.Contains(type, StringComparer.Ordinal)))
            links.Add(Link(Path, Types, Interfaces, ObservableAsBatch, endpoint));
        return @interface switch
        {
            OcfInterfaces.LinkList => ResourceOutcome.Content(links),
            OcfInterfaces.Baseline => ResourceOutcome.Content(new JsonArray(new JsonObject
            {
                ["rt"] = Texts(Types),
                ["if"] = Texts(Interfaces),
                ["links"] = links,
            })),
            OcfInterfaces.Batch => ResourceOutcome.Content(new JsonArray(
                [.. visible.Select(r => new JsonObject { ["href"] = r.Href, ["rep"] = r.Read() })])),
            _ => ResourceOutcome.BadRequest($"{Path} has no interface {@interface}"),
        };
    }

    /// <summary>The links that the device publishes.</summary>
    public JsonArray Published() => [.. resources.Where(r => r.IsPublished).Select(r => Link(r, endpoint: null))];

    private JsonArray Links(IEnumerable<DeviceResource> visible, string? endpoint) => [.. visible.Select(r => Link(r, endpoint))];

    private JsonObject Link(DeviceResource resource, string? endpoint) =>
        Link(resource.Href, resource.Types, resource.Interfaces, resource.Policy, endpoint);

    private JsonObject Link(string href, IEnumerable<string> types, IEnumerable<string> interfaces, int policy, string? endpoint)
    {
        var link = new JsonObject
        {
            ["anchor"] = $"ocf://{OcfUuid.Format(deviceId)}",
            ["href"] = href,
            ["rt"] = Texts(types),
            ["if"] = Texts(interfaces),
            ["p"] = new JsonObject { ["bm"] = policy },
        };
        if (endpoint is not null)
            link["eps"] = new JsonArray(new JsonObject { ["ep"] = endpoint });
        return link;
    }

    private static IEnumerable<string> Values(IReadOnlyList<string> queries, string key) =>
        queries.Where(q => q.StartsWith(key + "=", StringComparison.Ordinal)).Select(q => q[(key.Length + 1)..]);

    private static JsonArray Texts(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)JsonValue.Create(v))];
}
