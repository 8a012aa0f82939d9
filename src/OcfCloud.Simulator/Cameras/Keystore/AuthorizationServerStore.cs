using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>The authorization server configurations (ONVIF Advanced Security, 5.9).</summary>
internal sealed class AuthorizationServerStore(CameraMemory memory, Misbehaviour misbehaviour)
{
    /// <summary>The only type.</summary>
    public const string ClientCredentials = "OAuthClientCredentials";

    /// <summary>How the client proves itself.</summary>
    public IReadOnlyList<string> ClientAuthentications => misbehaviour.NoPrivateKeyJwt
        ? [Authorization.ClientAuthentication.Tls]
        : [Authorization.ClientAuthentication.PrivateKeyJwt, Authorization.ClientAuthentication.Tls];

    /// <summary>Makes one.</summary>
    /// <param name="configuration">As asked for; its id is given here.</param>
    /// <returns>Its token.</returns>
    public string Create(StoredAuthorizationServer configuration)
    {
        var id = "";
        memory.Change(state =>
        {
            Check(state, configuration);
            if (state.AuthorizationServers.Count >= misbehaviour.MaxAuthorizationServers)
                throw SoapFaultException.Full("MaxAuthorizationServers");
            state = state.Next("authserver", out id);
            return state with { AuthorizationServers = [.. state.AuthorizationServers, configuration with { Id = id }] };
        });
        return id;
    }

    /// <summary>Replaces one.</summary>
    public void Set(StoredAuthorizationServer configuration) => memory.Change(state =>
    {
        if (state.AuthorizationServer(configuration.Id) is null)
            throw NoConfiguration(configuration.Id);
        Check(state, configuration);
        return state with
        {
            AuthorizationServers = [.. state.AuthorizationServers.Select(server => server.Id == configuration.Id ? configuration : server)],
        };
    });

    /// <summary>Deletes one that no uplink refers to.</summary>
    public void Delete(string id) => memory.Change(state =>
    {
        if (state.AuthorizationServer(id) is null)
            throw NoConfiguration(id);
        if (state.Uplinks.Any(uplink => uplink.AuthorizationServer == id))
            throw SoapFaultException.ReferenceExists(id);
        return state with { AuthorizationServers = [.. state.AuthorizationServers.Where(server => server.Id != id)] };
    });

    private void Check(CameraState state, StoredAuthorizationServer configuration)
    {
        if (!Uri.TryCreate(configuration.ServerUri, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            throw Invalid("ServerUri is no https address");
        if (!ClientAuthentications.Contains(configuration.ClientAuth))
            throw Invalid($"no client authentication {configuration.ClientAuth}");
        if (string.IsNullOrEmpty(configuration.ClientId))
            throw Invalid("no ClientID");
        if (configuration.PolicyId is { } policy && state.Policy(policy) is null)
            throw Invalid($"no policy {policy}");
        if (configuration.KeyId is { } key && state.Key(key) is null)
            throw Invalid($"no key {key}");
        if (configuration.CertificateId is { } certificate && state.Certificate(certificate) is null)
            throw Invalid($"no certificate {certificate}");
        if (configuration.ClientAuth == Authorization.ClientAuthentication.PrivateKeyJwt && state.Key(configuration.KeyId) is not { IsPair: true })
            throw Invalid("private_key_jwt needs a key pair");
        if (configuration.ClientAuth == Authorization.ClientAuthentication.Tls
            && state.Key(state.Certificate(configuration.CertificateId)?.KeyId) is not { IsPair: true })
        {
            throw Invalid("tls_client_auth needs a certificate with its private key");
        }
    }

    private static SoapFaultException Invalid(string reason) => SoapFaultException.InvalidArgument("InvalidConfig", reason);

    private static SoapFaultException NoConfiguration(string id) => SoapFaultException.InvalidArgument("NoConfig", $"no configuration {id}");
}
