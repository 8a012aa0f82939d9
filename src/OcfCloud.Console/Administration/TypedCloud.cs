using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.Console.Administration;

/// <summary>The form of a new linked cloud as it was typed.</summary>
/// <param name="form">The form; null: none was sent.</param>
public sealed class TypedCloud(IFormCollection? form)
{
    // RFC 7468, 10 and 11, and the older forms: all have it in their label.
    private const string PrivateKey = "PRIVATE KEY";

    /// <summary>What a field shows again; secrets are none of these, nor a private key in whichever field it was put.</summary>
    public string this[string field] =>
        field is "client-secret" or "key" || Text(field) is var text && text.Contains(PrivateKey, StringComparison.OrdinalIgnoreCase) ? "" : text;

    /// <summary>What it says; null with the reason where it cannot be understood.</summary>
    public (CloudRegistration? Registration, string? Refusal) Read()
    {
        Guid? cloudId = null;
        if (Or("cloud-id") is { } typed)
        {
            if (!Guid.TryParseExact(typed, "D", out var read)) return (null, "The cloud id is no UUID.");
            cloudId = read;
        }

        return (
            new CloudRegistration(Text("name"), Text("url"), Text("client-id"), form?["client-secret"].ToString() ?? "")
            {
                Scope = Or("scope"),
                AuthorizationEndpoint = Or("authorization-endpoint"),
                TokenEndpoint = Or("token-endpoint"),
                RevocationEndpoint = Or("revocation-endpoint"),
                TrustAnchors = Or("trust"),
                ClientCertificate = Or("certificate"),
                ClientKey = Or("key"),
                CloudId = cloudId,
            },
            null);
    }

    private string? Or(string field) => Text(field) is { Length: > 0 } text ? text : null;

    private string Text(string field) => form?[field].ToString().Trim() ?? "";
}
