using OcfCloud.Simulator.Cameras.Services;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>The uplinks that are configured (ONVIF Uplink, 5.2).</summary>
internal sealed class UplinkStore(CameraMemory memory, Misbehaviour misbehaviour)
{
    /// <summary>Schemes of addresses.</summary>
    public IReadOnlyList<string> Protocols => misbehaviour.HttpsOnly ? ["https"] : ["https", "wss"];

    /// <summary>Adds an uplink, or replaces the one of the same address.</summary>
    public void Set(StoredUplink uplink) => memory.Change(state =>
    {
        Check(state, uplink);
        if (state.Uplink(uplink.RemoteAddress) is { } present)
            return state with { Uplinks = [.. state.Uplinks.Select(other => ReferenceEquals(other, present) ? uplink : other)] };

        // The clause names no fault for a camera that is full.
        if (state.Uplinks.Count >= misbehaviour.MaxUplinks)
            throw SoapFaultException.Receiver("no more uplinks", "Action");
        return state with { Uplinks = [.. state.Uplinks, uplink] };
    });

    /// <summary>Removes an uplink.</summary>
    public void Delete(string address) => memory.Change(state => state.Uplink(address) is null
        ? throw SoapFaultException.InvalidArgument("Address", "no such uplink")
        : state with { Uplinks = [.. state.Uplinks.Where(uplink => uplink.RemoteAddress != address)] });

    private void Check(CameraState state, StoredUplink uplink)
    {
        if (!Uri.TryCreate(uplink.RemoteAddress, UriKind.Absolute, out var uri) || !Protocols.Contains(uri.Scheme))
            throw SoapFaultException.Sender("no uplink of that kind", "InvalidArgs", "ProtocolNotSupported");
        if (!UserLevels.AreKnown(uplink.UserLevel))
            throw SoapFaultException.InvalidArgument("UserLevel", $"no level {uplink.UserLevel}");
        if (uplink.CertificateId is not null && uplink.AuthorizationServer is not null)
            throw SoapFaultException.Sender("a certificate and an authorization server", "InvalidArgs", "AmbiguousAuthentication");
        if (uplink.CertificateId is null && uplink.AuthorizationServer is null)
            throw SoapFaultException.Sender("neither a certificate nor an authorization server", "InvalidArgs", "MissingAuthentication");
        if (uplink.CertificateId is { } certificate && state.Key(state.Certificate(certificate)?.KeyId) is not { IsPair: true })
            throw SoapFaultException.InvalidArgument("CertificateID", $"no certificate {certificate} with its private key");
        if (uplink.PolicyId is { } policy && state.Policy(policy) is null)
            throw SoapFaultException.InvalidArgument("CertPathValidationPolicyID", $"no policy {policy}");
        if (uplink.AuthorizationServer is { } server && state.AuthorizationServer(server) is null)
            throw SoapFaultException.InvalidArgument("AuthorizationServerConfigurationToken", $"no authorization server {server}");
    }
}
