using System.Text.Json.Nodes;
using OcfCloud.Onvif.Tests.Sharing;

namespace OcfCloud.Onvif.Tests.Provisioning.StartDeviceSharing;

/// <summary>What can be wrong with a device configuration besides its token: each changes a good one.</summary>
internal static class ConfigurationFaults
{
    private const string Server = "authorizationServerConfigurations";

    public static IReadOnlyDictionary<string, Action<JsonObject>> All { get; } = new Dictionary<string, Action<JsonObject>>(StringComparer.Ordinal)
    {
        ["no endpointReferences"] = json => json.Remove("endpointReferences"),
        ["endpointReferences: no list"] = json => json["endpointReferences"] = "https://127.0.0.1/a",
        ["endpointReferences: empty"] = json => json["endpointReferences"] = new JsonArray(),
        ["endpointReferences: 9"] = json => json["endpointReferences"] = Of(9, number => $"https://127.0.0.1/{number}"),
        ["endpointReferences: a number"] = json => json["endpointReferences"] = new JsonArray(7),
        ["endpointReferences: null"] = json => json["endpointReferences"] = new JsonArray((JsonNode?)null),
        ["endpointReferences: relative"] = Reference("/onvif/cloud"),
        ["endpointReferences: http"] = Reference("http://127.0.0.1/a"),
        ["endpointReferences: wss"] = Reference("wss://127.0.0.1/a"),
        ["endpointReferences: user information"] = Reference("https://user:secret@127.0.0.1/a"),
        ["endpointReferences: empty user information"] = Reference("https://@127.0.0.1/a"),
        ["endpointReferences: fragment"] = Reference("https://127.0.0.1/a#b"),
        ["endpointReferences: empty fragment"] = Reference("https://127.0.0.1/a#"),
        ["endpointReferences: white space"] = Reference(" https://127.0.0.1/a"),
        ["endpointReferences: backslashes"] = Reference("https:\\\\127.0.0.1\\a"),
        ["endpointReferences: no ASCII"] = Reference("https://bücher.example/a"),
        ["endpointReferences: line feed"] = Reference("https://127.0.0.1/a\nb"),
        ["endpointReferences: port 0"] = Reference("https://127.0.0.1:0/a"),
        ["endpointReferences: too long"] = Reference("https://127.0.0.1/" + new string('a', 2031)),
        ["endpointReferences: forbidden literal"] = Reference("https://10.0.0.1/a"),
        ["endpointReferences: forbidden literal with a dot"] = Reference("https://10.0.0.1./a"),
        ["endpointReferences: short literal with a dot"] = Reference("https://127.1./a"),
        ["endpointReferences: number with a dot"] = Reference("https://2130706433./a"),
        ["endpointReferences: hexadecimal with a dot"] = Reference("https://0x7f000001./a"),
        ["endpointReferences: allowed literal with a dot"] = Reference("https://127.0.0.1./a"),
        ["endpointReferences: a dot"] = Reference("https://./a"),
        ["endpointReferences: host too long"] = Reference($"https://{LongHost(254)}/a"),
        ["a literal with a dot before the same without"] = json => json["endpointReferences"] = new JsonArray("https://10.0.0.1./a", "https://10.0.0.1/a"),
        ["one of two endpointReferences"] = json => json["endpointReferences"]!.AsArray().Add("https://192.168.1.1/a"),

        ["no uplinkConfigurations"] = json => json.Remove("uplinkConfigurations"),
        ["uplinkConfigurations: no list"] = json => json["uplinkConfigurations"] = new JsonObject(),
        ["uplinkConfigurations: empty"] = json => json["uplinkConfigurations"] = new JsonArray(),
        ["uplinkConfigurations: 9"] = json => json["uplinkConfigurations"] = Of(9, number => SharingRequests.Uplink($"https://127.0.0.1/{number}")),
        ["uplinkConfigurations: no object"] = json => json["uplinkConfigurations"] = new JsonArray("https://127.0.0.1/uplink"),
        ["uplinkConfigurations: one address twice"] = json => json["uplinkConfigurations"] = new JsonArray(
            SharingRequests.Uplink("https://LOCALHOST:443/uplink/"), SharingRequests.Uplink("https://localhost/uplink")),
        ["no remoteAddress"] = json => FirstUplink(json).Remove("remoteAddress"),
        ["remoteAddress: a number"] = json => FirstUplink(json)["remoteAddress"] = 1,
        ["remoteAddress: relative"] = Remote("onvif/uplink"),
        ["remoteAddress: http"] = Remote("http://127.0.0.1/uplink"),
        ["remoteAddress: ws"] = Remote("ws://127.0.0.1/uplink"),
        ["remoteAddress: user information"] = Remote("wss://user@127.0.0.1/uplink"),
        ["remoteAddress: fragment"] = Remote("wss://127.0.0.1/uplink#a"),
        ["remoteAddress: forbidden literal"] = Remote("wss://192.168.0.10/uplink"),
        ["remoteAddress: forbidden literal with a dot"] = Remote("wss://192.168.0.10./uplink"),
        ["remoteAddress: our uplink"] = Remote("https://localhost:8444/onvif/uplink"),
        ["remoteAddress: our uplink by WebSocket"] = Remote("wss://LOCALHOST:8444/onvif/uplink/"),
        ["no userLevel"] = json => FirstUplink(json).Remove("userLevel"),
        ["userLevel: lower case"] = Level("administrator"),
        ["userLevel: a list"] = Level("User Operator"),
        ["userLevel: a JSON list"] = json => FirstUplink(json)["userLevel"] = new JsonArray("User"),
        ["userLevel: a role"] = Level("onvif:Administrator"),
        ["userLevel: Anonymous"] = Level("Anonymous"),
        ["userLevel: Extended"] = Level("Extended"),
        ["userLevel: a number"] = Level("2"),
        ["uplink: no alias"] = json => FirstUplink(json).Remove("certPathValidationPolicyAlias"),
        ["uplink: empty alias"] = json => FirstUplink(json)["certPathValidationPolicyAlias"] = "",
        ["uplink: unknown alias"] = json => FirstUplink(json)["certPathValidationPolicyAlias"] = "OCS-public",

        ["no authorizationServerConfigurations"] = json => json.Remove(Server),
        ["authorizationServerConfigurations: no list"] = json => json[Server] = 1,
        ["authorizationServerConfigurations: empty"] = json => json[Server] = new JsonArray(),
        ["authorizationServerConfigurations: no object"] = json => json[Server] = new JsonArray("a"),
        ["authorizationServerConfigurations: 3 for 2 uplinks"] = json => json[Server] = Of(3, _ => json[Server]![0]!.DeepClone()),
        ["no serverUri"] = json => FirstServer(json).Remove("serverUri"),
        ["serverUri: http"] = json => FirstServer(json)["serverUri"] = "http://127.0.0.1/metadata",
        ["serverUri: relative"] = json => FirstServer(json)["serverUri"] = "/metadata",
        ["serverUri: forbidden literal"] = json => FirstServer(json)["serverUri"] = "https://169.254.169.254/metadata",
        ["serverUri: forbidden literal with a dot"] = json => FirstServer(json)["serverUri"] = "https://169.254.169.254./metadata",
        ["serverUri: host too long"] = json => FirstServer(json)["serverUri"] = $"https://{LongHost(1500)}/metadata",
        ["serverUri: too long"] = json => FirstServer(json)["serverUri"] = "https://127.0.0.1/" + new string('a', 2031),
        ["no clientId"] = json => FirstServer(json).Remove("clientId"),
        ["clientId: empty"] = json => FirstServer(json)["clientId"] = "",
        ["clientId: 256"] = json => FirstServer(json)["clientId"] = new string('a', 256),
        ["clientId: control character"] = json => FirstServer(json)["clientId"] = "a\u0001b",
        ["clientId: no ASCII"] = json => FirstServer(json)["clientId"] = "kamera-ä",
        ["scope: a number"] = json => FirstServer(json)["scope"] = 1,
        ["scope: null"] = json => FirstServer(json)["scope"] = null,
        ["scope: empty"] = json => FirstServer(json)["scope"] = "",
        ["scope: two spaces"] = json => FirstServer(json)["scope"] = "a  b",
        ["scope: quote"] = json => FirstServer(json)["scope"] = "a\"b",
        ["server: unknown alias"] = json => FirstServer(json)["certPathValidationPolicyAlias"] = "other",

        ["no certPathValidationPolicies"] = json => json.Remove("certPathValidationPolicies"),
        ["certPathValidationPolicies: no list"] = json => json["certPathValidationPolicies"] = "a",
        ["certPathValidationPolicies: empty"] = json => json["certPathValidationPolicies"] = new JsonArray(),
        ["certPathValidationPolicies: 9"] = json => json["certPathValidationPolicies"] = Of(9, number => Policy(number == 0 ? "ocs-public" : $"policy-{number}")),
        ["one alias twice"] = json => json["certPathValidationPolicies"]!.AsArray().Add(Policy("ocs-public")),
        ["no alias"] = json => FirstPolicy(json).Remove("alias"),
        ["alias: empty"] = json => FirstPolicy(json)["alias"] = "",
        ["another alias: 65"] = json => json["certPathValidationPolicies"]!.AsArray().Add(Policy(new string('a', 65))),
        ["another alias: no text of XML"] = json => json["certPathValidationPolicies"]!.AsArray().Add(Policy("a\uFFFFb")),
        ["no trustAnchors"] = json => FirstPolicy(json).Remove("trustAnchors"),
        ["trustAnchors: no list"] = json => FirstPolicy(json)["trustAnchors"] = Anchors.Good,
        ["trustAnchors: empty"] = json => FirstPolicy(json)["trustAnchors"] = new JsonArray(),
        ["trustAnchors: 17"] = json => FirstPolicy(json)["trustAnchors"] = Of(17, _ => Anchors.Good),
        ["trustAnchor: no text"] = json => FirstPolicy(json)["trustAnchors"] = new JsonArray(1),
        ["trustAnchor: no base64"] = Anchor("%%%"),
        ["trustAnchor: alphabet of URLs"] = Anchor(Convert.ToBase64String([0x30, 0x03, 0xfb, 0xff, 0xfe]).Replace('+', '-').Replace('/', '_')),
        ["trustAnchor: no certificate"] = Anchor("MAMCAQE="),
        ["trustAnchor: trailing bytes"] = Anchor(Convert.ToBase64String([.. Convert.FromBase64String(Anchors.Good), 0])),
        ["trustAnchor: PEM"] = Anchor($"-----BEGIN CERTIFICATE-----\n{Anchors.Good}\n-----END CERTIFICATE-----"),
        ["trustAnchor: base64 of PEM"] = Anchor(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"-----BEGIN CERTIFICATE-----\n{Anchors.Good}\n-----END CERTIFICATE-----"))),
        ["trustAnchor: expired"] = Anchor(Anchors.Expired),
        ["trustAnchor: RSA of 1024"] = Anchor(Anchors.OfShortRsa),
        ["trustAnchor: unknown curve"] = Anchor(Anchors.OfUnknownCurve),
    };

    /// <summary>What may look wrong and is none.</summary>
    public static IReadOnlyDictionary<string, Action<JsonObject>> None { get; } = new Dictionary<string, Action<JsonObject>>(StringComparer.Ordinal)
    {
        ["unknown members"] = json => json["x"] = new JsonObject { ["y"] = 1 },
        ["a policy that nothing names"] = json => json["certPathValidationPolicies"]!.AsArray().Add(Policy("other")),
        ["no scope"] = json => FirstServer(json).Remove("scope"),
        ["a query in serverUri"] = json => FirstServer(json)["serverUri"] = "https://127.0.0.1/metadata?a=b",
        ["as many servers as uplinks"] = json => json[Server] = Of(2, _ => json[Server]![0]!.DeepClone()),
        ["white space in base64"] = json => FirstPolicy(json)["trustAnchors"] = new JsonArray(string.Join("\r\n", Anchors.Good.Chunk(64).Select(line => new string(line)))),
        ["RSA of 2048"] = Anchor(Anchors.OfRsa2048),
        ["a name with a dot at its end"] = Reference("https://nowhere.invalid./a"),
        ["a long name"] = Reference($"https://{LongHost(253)}/a"),
        ["a name that does not resolve"] = Reference("https://nowhere.invalid/a"),
        ["a level below the granted one"] = Level("User"),
    };

    // Labels of 49 characters, and what is left before them, below a name that is never given.
    private static string LongHost(int length)
    {
        var host = "invalid";
        while (host.Length + 1 < length) host = $"{new string('a', Math.Min(49, length - host.Length - 1))}.{host}";
        return host.PadLeft(length, 'a');
    }

    private static JsonObject FirstUplink(JsonObject json) => json["uplinkConfigurations"]![0]!.AsObject();

    private static JsonObject FirstServer(JsonObject json) => json[Server]![0]!.AsObject();

    private static JsonObject FirstPolicy(JsonObject json) => json["certPathValidationPolicies"]![0]!.AsObject();

    private static Action<JsonObject> Reference(string address) => json => json["endpointReferences"] = new JsonArray(address);

    private static Action<JsonObject> Remote(string address) => json => FirstUplink(json)["remoteAddress"] = address;

    private static Action<JsonObject> Level(string level) => json => FirstUplink(json)["userLevel"] = level;

    private static Action<JsonObject> Anchor(string text) => json => FirstPolicy(json)["trustAnchors"] = new JsonArray(text);

    private static JsonObject Policy(string alias) => new() { ["alias"] = alias, ["trustAnchors"] = new JsonArray(Anchors.Good) };

    private static JsonArray Of(int count, Func<int, JsonNode> item) => new([.. Enumerable.Range(0, count).Select(item)]);
}
