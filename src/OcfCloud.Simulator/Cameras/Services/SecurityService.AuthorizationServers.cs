using System.Xml.Linq;
using OcfCloud.Simulator.Cameras.Authorization;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>Policies and authorization servers.</summary>
internal sealed partial class SecurityService
{
    private IEnumerable<object?> CreatePolicy(ElementReader request, CameraCaller caller)
    {
        var alias = request.OptionalText("Alias");
        var parameters = request.Required("Parameters");
        parameters.OptionalBoolean("RequireTLSWWWClientAuthExtendedKeyUsage");
        parameters.OptionalBoolean("UseDeltaCRLs");
        var anchors = request.Many("TrustAnchor").ConvertAll(anchor => anchor.Text("CertificateID"));
        request.End();
        if (anchors.Count == 0)
            throw SoapFaultException.Sender("CreateCertPathValidationPolicy lacks TrustAnchor there", "InvalidArgs");
        return [new XElement(Tas + "CertPathValidationPolicyID", _certificates.CreatePolicy(alias, anchors))];
    }

    private IEnumerable<object?> GetAllPolicies(ElementReader request, CameraCaller caller)
    {
        request.End();
        return _memory.Current.Policies.Select(policy => new XElement(
            Tas + "CertPathValidationPolicy",
            new XElement(Tas + "CertPathValidationPolicyID", policy.Id),
            policy.Alias is null ? null : new XElement(Tas + "Alias", policy.Alias),
            new XElement(Tas + "Parameters"),
            policy.TrustAnchors.Select(anchor => new XElement(Tas + "TrustAnchor", new XElement(Tas + "CertificateID", anchor)))));
    }

    private IEnumerable<object?> DeletePolicy(ElementReader request, CameraCaller caller)
    {
        var id = request.Text("CertPathValidationPolicyID");
        request.End();
        _certificates.DeletePolicy(id);
        return [];
    }

    private IEnumerable<object?> GetAuthorizationServers(ElementReader request, CameraCaller caller)
    {
        var one = request.OptionalText("Token");
        request.End();
        var all = _memory.Current.AuthorizationServers;
        if (one is not null && all.All(server => server.Id != one))
            throw SoapFaultException.InvalidArgument("NoConfig", $"no configuration {one}");
        return all.Where(server => one is null || server.Id == one).Select(server => new XElement(
            Tas + "Configuration", new XAttribute("token", server.Id), Write(server)));
    }

    private IEnumerable<object?> CreateAuthorizationServer(ElementReader request, CameraCaller caller)
    {
        var configuration = Read(request.Required("Configuration"), "");
        request.End();
        return [new XElement(Tas + "Token", _servers.Create(configuration))];
    }

    private IEnumerable<object?> SetAuthorizationServer(ElementReader request, CameraCaller caller)
    {
        var entity = request.Required("Configuration");
        request.End();
        var token = entity.Attribute("token") ?? throw SoapFaultException.Sender("Configuration lacks its token", "InvalidArgs");
        var configuration = Read(entity.Required("Data"), token);
        entity.End();
        _servers.Set(configuration);
        caller.Camera.Reconcile();
        return [];
    }

    private IEnumerable<object?> DeleteAuthorizationServer(ElementReader request, CameraCaller caller)
    {
        var token = request.Text("Token");
        request.End();
        _servers.Delete(token);
        return [];
    }

    private static XElement Write(StoredAuthorizationServer server) => new(
        Tas + "Data",
        new XAttribute("Type", AuthorizationServerStore.ClientCredentials),
        new XAttribute("ClientAuth", server.ClientAuth),
        new XElement(Tas + "ServerUri", server.ServerUri),
        Optional("ClientID", server.ClientId),
        Optional("Scope", server.Scope),
        Optional("KeyID", server.KeyId),
        Optional("CertificateID", server.CertificateId),
        Optional("CertPathValidationPolicyID", server.PolicyId));

    private static StoredAuthorizationServer Read(ElementReader data, string id)
    {
        if (data.Attribute("Type") is not AuthorizationServerStore.ClientCredentials)
            throw SoapFaultException.InvalidArgument("InvalidConfig", $"no type but {AuthorizationServerStore.ClientCredentials}");
        var serverUri = data.Text("ServerUri");
        var clientId = data.OptionalText("ClientID");
        if (data.OptionalText("ClientSecret") is not null)
            throw SoapFaultException.InvalidArgument("InvalidConfig", "no client secrets");
        var server = new StoredAuthorizationServer
        {
            Id = id,
            ClientAuth = data.Attribute("ClientAuth") ?? ClientAuthentication.PrivateKeyJwt,
            ServerUri = serverUri,
            ClientId = clientId,
            Scope = data.OptionalText("Scope"),
            KeyId = data.OptionalText("KeyID"),
            CertificateId = data.OptionalText("CertificateID"),
            PolicyId = data.OptionalText("CertPathValidationPolicyID"),
        };
        data.End();
        return server;
    }

    private static XElement? Optional(string name, string? value) => value is null ? null : new XElement(Tas + name, value);
}
