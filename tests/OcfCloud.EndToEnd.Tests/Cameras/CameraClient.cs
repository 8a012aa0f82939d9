using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>What stands for a camera at an authorization server: a client id, and the key that its certification request showed.</summary>
internal sealed record CameraClient(string ClientId, ECDsa Key) : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A PKCS#10 request of a key.</summary>
    public static CertificateRequest Request(ECDsa key, string name = "camera") => new($"CN={name}", key, HashAlgorithmName.SHA256);

    /// <summary>Enrols a new key.</summary>
    /// <returns>The client, and the answer to the enrolment.</returns>
    public static async Task<(CameraClient Client, JsonElement Enrolment)> EnrolAsync(CameraOwner owner)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var enrolment = await owner.AskAsync(HttpMethod.Post, "cameras", HttpStatusCode.Created, new { csr = Convert.ToBase64String(Request(key).CreateSigningRequest()) });
        return (new CameraClient(enrolment.GetProperty("clientId").GetString()!, key), enrolment);
    }

    /// <summary>Asks for an access token (RFC 7523, 2.2).</summary>
    /// <returns>The token, or why there is none.</returns>
    public async Task<(string? AccessToken, string? Error)> AskForTokenAsync(CameraCloud cloud)
    {
        using var http = cloud.Cloud.CreateHttpClient();
        var metadata = await http.GetFromJsonAsync<JsonElement>(new Uri(cloud.ServerUri).PathAndQuery, Cancellation);
        var endpoint = metadata.GetProperty("token_endpoint").GetString()!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = ClientId,
            ["scope"] = "onvif.uplink",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assert(endpoint),
        });
        using var answer = await http.PostAsync(new Uri(endpoint).PathAndQuery, form, Cancellation);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return answer.IsSuccessStatusCode ? (body.GetProperty("access_token").GetString(), null) : (null, body.GetProperty("error").GetString());
    }

    public void Dispose() => Key.Dispose();

    private string Assert(string audience)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var signed = Encode("""{"alg":"ES256","typ":"JWT"}""") + "." + Encode(JsonSerializer.Serialize(new { iss = ClientId, sub = ClientId, aud = audience, jti = Guid.NewGuid(), iat = now, exp = now + 120 }));
        return signed + "." + Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
