using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>Calls of the ONVIF REST operations, good but for what a test changes.</summary>
internal static class SharingRequests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>A device configuration that is good.</summary>
    public static JsonObject Configuration(string token, string ocs = "https://127.0.0.1:9443") => new()
    {
        ["shareToken"] = token,
        ["endpointReferences"] = new JsonArray($"{ocs}/onvif/cloud/deviceSharingCompleted/nonce"),
        ["uplinkConfigurations"] = new JsonArray(
            Uplink($"{ocs}/onvif/uplink"),
            Uplink($"wss{ocs["https".Length..]}/onvif/uplink")),
        ["authorizationServerConfigurations"] = new JsonArray(new JsonObject
        {
            ["serverUri"] = $"{ocs}/.well-known/openid-configuration",
            ["clientId"] = "cam-5f0c9e52",
            ["scope"] = "onvif.uplink",
            ["certPathValidationPolicyAlias"] = "ocs-public",
        }),
        ["certPathValidationPolicies"] = new JsonArray(new JsonObject { ["alias"] = "ocs-public", ["trustAnchors"] = new JsonArray(Anchors.Good) }),
    };

    public static JsonObject Uplink(string address, string level = "Administrator", string alias = "ocs-public") => new()
    {
        ["remoteAddress"] = address,
        ["userLevel"] = level,
        ["certPathValidationPolicyAlias"] = alias,
    };

    public static string Body(params JsonObject[] configurations) => new JsonObject { ["deviceConfigurations"] = new JsonArray([.. configurations.Select(configuration => configuration.DeepClone())]) }.ToJsonString();

    public static async Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string? json = null, string? mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (json is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        if (json is not null && mediaType is not null) request.Content!.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return await client.SendAsync(request, Ending);
    }

    public static Task<HttpResponseMessage> StartAsync(this SharingCloud cloud, params JsonObject[] configurations) =>
        cloud.Http.PostAsync("/onvif/cloud/startDeviceSharing", Body(configurations));

    /// <summary>200 and no body.</summary>
    public static async Task TakenAsync(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(Ending);
        Assert.True(answer.StatusCode == HttpStatusCode.OK && text.Length == 0, $"{(int)answer.StatusCode}: {text}");
    }

    /// <summary>400 and exactly this body.</summary>
    public static async Task RefusedAsync(this Task<HttpResponseMessage> asked, string error)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(Ending);
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal($$"""{"error":"{{error}}"}""", text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Ending);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}

/// <summary>Certificates for policies, and keys of cameras, as base64 of DER.</summary>
internal static class Anchors
{
    public static string Good { get; } = Of(ECCurve.NamedCurves.nistP256);

    public static string Expired { get; } = Of(ECCurve.NamedCurves.nistP256, DateTimeOffset.UtcNow.AddDays(-1));

    public static string OfUnknownCurve { get; } = Of(ECCurve.NamedCurves.brainpoolP256r1);

    public static string OfShortRsa { get; } = OfRsa(1024);

    public static string OfRsa2048 { get; } = OfRsa(2048);

    /// <summary>A PKCS#10 request of a new key.</summary>
    public static string NewRequest(string subject = "CN=cam") => NewRequest(ECCurve.NamedCurves.nistP256, subject);

    public static string NewRequest(ECCurve curve, string subject = "CN=cam")
    {
        using var key = ECDsa.Create(curve);
        return Convert.ToBase64String(new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequest());
    }

    private static string Of(ECCurve curve, DateTimeOffset? end = null)
    {
        using var key = ECDsa.Create(curve);
        return Signed(new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256), end);
    }

    private static string OfRsa(int bits)
    {
        using var key = RSA.Create(bits);
        return Signed(new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), null);
    }

    private static string Signed(CertificateRequest request, DateTimeOffset? end)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), end ?? DateTimeOffset.UtcNow.AddDays(100));
        return Convert.ToBase64String(certificate.RawData);
    }
}
