using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <content>Operations of tas on policies and authorization servers.</content>
internal static partial class SecurityCalls
{
    /// <summary>Answers with the id of the policy.</summary>
    public static SoapCall<string> CreateCertPathValidationPolicy(string alias, IEnumerable<string> certificateIds) => new(
        CameraService.Security,
        "CreateCertPathValidationPolicy",
        xml =>
        {
            xml.Text("Alias", alias);
            xml.Element("Parameters", () =>
            {
                xml.Text("RequireTLSWWWClientAuthExtendedKeyUsage", false);
                xml.Text("UseDeltaCRLs", false);
            });
            foreach (var id in certificateIds) xml.Element("TrustAnchor", () => xml.Text("CertificateID", id));
        },
        answer => answer.Id("CertPathValidationPolicyID"));

    public static SoapCall<IReadOnlyList<StoredPolicy>> GetAllCertPathValidationPolicies() => new(
        CameraService.Security, "GetAllCertPathValidationPolicies", _ => { },
        answer => All(answer, "CertPathValidationPolicy", one => one.Id("CertPathValidationPolicyID") is { } id
            ? new StoredPolicy(id, one.Text("Alias"), [.. one.Elements(SoapNames.Security + "TrustAnchor").Select(anchor => anchor.Id("CertificateID")).OfType<string>()])
            : null));

    public static SoapCall<Acknowledgement> DeleteCertPathValidationPolicy(string id) => Delete("DeleteCertPathValidationPolicy", "CertPathValidationPolicyID", id);

    public static SoapCall<IReadOnlyList<AuthorizationServerEntry>> GetAuthorizationServerConfigurations() => new(
        CameraService.Security, "GetAuthorizationServerConfigurations", _ => { },
        answer => All(answer, "Configuration", EntryOf));

    /// <summary>Answers with the token of the configuration.</summary>
    public static SoapCall<string> CreateAuthorizationServerConfiguration(AuthorizationServerData data) => new(
        CameraService.Security, "CreateAuthorizationServerConfiguration", xml => xml.Element("Configuration", () => Write(xml, data)), answer => answer.Id("Token"));

    public static SoapCall<Acknowledgement> SetAuthorizationServerConfiguration(string token, AuthorizationServerData data) => new(
        CameraService.Security,
        "SetAuthorizationServerConfiguration",
        xml => xml.Element("Configuration", () =>
        {
            xml.Attribute("token", token);
            xml.Element("Data", () => Write(xml, data));
        }),
        _ => Acknowledgement.It);

    public static SoapCall<Acknowledgement> DeleteAuthorizationServerConfiguration(string token) => Delete("DeleteAuthorizationServerConfiguration", "Token", token);

    private static void Write(SoapWriter xml, AuthorizationServerData data)
    {
        xml.Attribute("Type", data.Type);
        xml.Attribute("ClientAuth", data.ClientAuth);
        xml.Text("ServerUri", data.ServerUri);
        xml.TextIf("ClientID", data.ClientId);
        xml.TextIf("Scope", data.Scope);
        xml.TextIf("KeyID", data.KeyId);
        xml.TextIf("CertificateID", data.CertificateId);
        xml.TextIf("CertPathValidationPolicyID", data.PolicyId);
    }

    private static AuthorizationServerEntry? EntryOf(XElement one)
    {
        if (one.Attribute("token")?.Value is not { Length: > 0 } token || one.Element(SoapNames.Security + "Data") is not { } data || data.Address("ServerUri") is not { } uri) return null;
        return new AuthorizationServerEntry(token, new AuthorizationServerData(
            uri, data.Element(SoapNames.Security + "ClientID")?.Value, data.Element(SoapNames.Security + "Scope")?.Value, data.Id("KeyID"), data.Id("CertPathValidationPolicyID"))
        {
            Type = data.Attribute("Type")?.Value ?? "",
            ClientAuth = data.Attribute("ClientAuth")?.Value ?? "",
            CertificateId = data.Id("CertificateID"),
        });
    }
}
