using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Cameras.Enrolment;

/// <summary>What a cloud tells a camera that it enrolled.</summary>
/// <param name="Id">The camera's id there.</param>
/// <param name="ClientId">Its client.</param>
/// <param name="ServerUri">The metadata of the authorization server.</param>
/// <param name="Scope">The scope of access tokens.</param>
/// <param name="Uplinks">Addresses of uplinks.</param>
/// <param name="TrustAnchors">Certificates that the cloud's own lead to, DER.</param>
internal sealed record Enrolled(string Id, string ClientId, string ServerUri, string? Scope, IReadOnlyList<string> Uplinks, IReadOnlyList<byte[]> TrustAnchors)
{
    /// <summary>Reads what <c>POST /api/v1/cameras</c> answers and <c>camera add --json</c> prints on its last line.</summary>
    /// <exception cref="EnrolmentException">It is something else.</exception>
    public static Enrolled Read(string json)
    {
        try
        {
            var members = JsonNode.Parse(json)!.AsObject();
            return new Enrolled(
                Text(members, "id"),
                Text(members, "clientId"),
                Text(members, "serverUri"),
                members["scope"]?.GetValue<string>(),
                [.. Texts(members["uplinks"])],
                [.. Texts(members["trustAnchors"]).SelectMany(Anchors)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or CryptographicException)
        {
            throw new EnrolmentException($"the cloud answers no enrolment: {e.Message}", e);
        }
    }

    private static string Text(JsonObject members, string name) => members[name]?.GetValue<string>() ?? throw new JsonException($"{name} is missing");

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray array => array.Select(item => item!.GetValue<string>()),
        JsonObject members => members.Select(member => member.Value!.GetValue<string>()),
        JsonValue value => [value.GetValue<string>()],
        _ => throw new JsonException("uplinks or trustAnchors are missing"),
    };

    private static IEnumerable<byte[]> Anchors(string pem)
    {
        var anchors = new X509Certificate2Collection();
        anchors.ImportFromPem(pem);
        return anchors.Select(anchor => anchor.RawData);
    }
}
