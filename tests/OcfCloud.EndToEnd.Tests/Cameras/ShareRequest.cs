using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Bodies of startDeviceSharing, written by hand: what another maker's cloud sends, and what a wicked one does.</summary>
internal static class ShareRequest
{
    /// <summary>A body of several configurations.</summary>
    public static JsonObject Of(params JsonObject[] configurations) => new() { ["deviceConfigurations"] = new JsonArray([.. configurations.Select(c => (JsonNode)c)]) };

    /// <summary>A good configuration.</summary>
    /// <param name="shareToken">Of the camera's owner.</param>
    /// <param name="ocs">The cloud whose addresses it names.</param>
    /// <param name="endpointReference">Who is told.</param>
    /// <param name="trustAnchor">DER of X.509, base64; null: the cloud's own.</param>
    public static JsonObject Configuration(string shareToken, CameraCloud ocs, string? endpointReference = null, string? trustAnchor = null) => new()
    {
        ["shareToken"] = shareToken,
        ["endpointReferences"] = new JsonArray(endpointReference ?? ocs.Xaddr + "/deviceSharingCompleted/nobody"),
        ["uplinkConfigurations"] = new JsonArray(new JsonObject
        {
            ["remoteAddress"] = ocs.UplinkHttps,
            ["userLevel"] = "Administrator",
            ["certPathValidationPolicyAlias"] = "ocs",
        }),
        ["authorizationServerConfigurations"] = new JsonArray(new JsonObject
        {
            ["serverUri"] = ocs.ServerUri,
            ["clientId"] = $"cam-{Guid.NewGuid():N}"[..16],
            ["scope"] = "onvif.uplink",
            ["certPathValidationPolicyAlias"] = "ocs",
        }),
        ["certPathValidationPolicies"] = new JsonArray(new JsonObject { ["alias"] = "ocs", ["trustAnchors"] = new JsonArray(trustAnchor ?? ocs.TrustAnchor) }),
    };

    /// <summary>The first member of a list of a configuration.</summary>
    public static JsonObject First(this JsonObject configuration, string list) => configuration[list]![0]!.AsObject();

    /// <summary>A share token of nobody: signed by no one, as a receiver that cannot check it would not notice.</summary>
    public static string Forge(string xaddr) => string.Join('.', new[]
    {
        """{"alg":"ES256","typ":"JWT","kid":"none"}""",
        new JsonObject { ["onvif:xaddr"] = xaddr, ["onvif:sn"] = "1", ["onvif:model"] = "AC-2000", ["onvif:manufacturer"] = "Acme" }.ToJsonString(),
        new string('x', 64),
    }.Select(part => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))));
}
