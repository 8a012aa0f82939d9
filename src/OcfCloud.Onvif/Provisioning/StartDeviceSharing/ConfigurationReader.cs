using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Xml;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>Reads a device configuration into types that cannot be wrong by themselves; what it asks for is looked at elsewhere.</summary>
internal sealed class ConfigurationReader(TimeProvider time)
{
    private const int MaxReferences = 8, MaxUplinks = 8, MaxPolicies = 8, MaxAnchors = 16;
    private const int MaxClientIdLength = 255, MaxAliasLength = 64, MaxScopeLength = 1024;

    /// <summary>Reads it.</summary>
    /// <param name="json">An object.</param>
    /// <param name="token">Its token as it came, which was read before.</param>
    /// <returns>The configuration, or what is wrong with it.</returns>
    public (DeviceConfiguration? Configuration, SharingRefusal? Refusal) Read(JsonElement json, string token)
    {
        if (!TryList(json, "endpointReferences", MaxReferences, out var references) || ReadAll(references, ReadReference) is not { } endpoints) return Refused("endpointReferences");
        if (!TryList(json, "uplinkConfigurations", MaxUplinks, out var uplinkList) || ReadAll(uplinkList, ReadUplink) is not { } uplinks || HasDoubles(uplinks)) return Refused("uplinkConfigurations");

        // There is no reference from an uplink to its server: one for all, or one each by index.
        if (!TryList(json, "authorizationServerConfigurations", MaxUplinks, out var serverList) || (serverList.GetArrayLength() != 1 && serverList.GetArrayLength() != uplinks.Count)
            || ReadAll(serverList, ReadServer) is not { } servers)
        {
            return Refused("authorizationServerConfigurations");
        }

        if (!TryList(json, "certPathValidationPolicies", MaxPolicies, out var policyList) || ReadAll(policyList, ReadPolicy) is not { } policies) return Refused("certPathValidationPolicies");
        var aliases = policies.Select(policy => policy.Alias).ToHashSet(StringComparer.Ordinal);
        if (aliases.Count != policies.Count) return Refused("certPathValidationPolicies with one alias twice");
        return uplinks.TrueForAll(uplink => aliases.Contains(uplink.CertPathValidationPolicyAlias)) && servers.TrueForAll(server => aliases.Contains(server.CertPathValidationPolicyAlias))
            ? (new DeviceConfiguration(token, endpoints, uplinks, servers, policies), null)
            : Refused("an alias that no policy has");
    }

    private static (DeviceConfiguration?, SharingRefusal?) Refused(string what) => (null, SharingRefusal.Configuration($"{what}: not as it has to be"));

    private static string? ReadReference(JsonElement json) => JsonBody.TryText(json, out var text) && RemoteUrl.TryRead(text, allowsWebSocket: false, out _) ? text : null;

    private static UplinkConfiguration? ReadUplink(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryText("remoteAddress", out var address) && RemoteUrl.TryRead(address, allowsWebSocket: true, out _)
        && json.TryText("userLevel", out var word) && SharingText.LevelOf(word) is { } level
        && TryAlias(json, "certPathValidationPolicyAlias", out var alias)
            ? new UplinkConfiguration(address, level, alias)
            : null;

    private static AuthorizationServerConfiguration? ReadServer(JsonElement json)
    {
        string? scope = null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryText("serverUri", out var uri) || !RemoteUrl.TryRead(uri, allowsWebSocket: false, out _)) return null;
        if (!json.TryText("clientId", out var client) || client.Length is 0 or > MaxClientIdLength || client.Any(character => character is < ' ' or > '~')) return null;
        if (json.TryGetProperty("scope", out _) && (!json.TryText("scope", out scope) || !IsScope(scope))) return null;
        return TryAlias(json, "certPathValidationPolicyAlias", out var alias) ? new AuthorizationServerConfiguration(uri, client, scope, alias) : null;
    }

    private CertPathValidationPolicy? ReadPolicy(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && TryAlias(json, "alias", out var alias)
        && TryList(json, "trustAnchors", MaxAnchors, out var list) && ReadAll(list, item => TrustAnchor.Read(item, time.GetUtcNow())) is { } anchors
            ? new CertPathValidationPolicy(alias, anchors)
            : null;

    // What goes into SOAP has to be text of XML.
    private static bool TryAlias(JsonElement json, string member, [NotNullWhen(true)] out string? alias) =>
        json.TryText(member, out alias) && alias.Length is > 0 and <= MaxAliasLength && !alias.Any(char.IsControl)
        && alias.EnumerateRunes().All(rune => rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value));

    // RFC 6749, 3.3.
    private static bool IsScope(string text) => text.Length <= MaxScopeLength && text.Split(' ').All(token =>
        token.Length > 0 && token.All(character => character is '!' or (>= '#' and <= '[') or (>= ']' and <= '~')));

    private static bool HasDoubles(List<UplinkConfiguration> uplinks) => uplinks.DistinctBy(uplink => NormalisedOf(uplink.RemoteAddress), StringComparer.Ordinal).Count() != uplinks.Count;

    private static string NormalisedOf(string address) => RemoteUrl.TryRead(address, allowsWebSocket: true, out var url) ? url.Normalised : address;

    private static bool TryList(JsonElement json, string member, int most, out JsonElement list) =>
        json.TryGetProperty(member, out list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is var length && length > 0 && length <= most;

    private static List<T>? ReadAll<T>(JsonElement list, Func<JsonElement, T?> read)
        where T : class
    {
        var items = new List<T>(list.GetArrayLength());
        foreach (var json in list.EnumerateArray())
        {
            if (read(json) is not { } item) return null;
            items.Add(item);
        }

        return items;
    }
}
