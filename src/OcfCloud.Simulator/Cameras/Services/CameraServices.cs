using System.Xml.Linq;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>All services of a camera, and who may call what.</summary>
internal sealed class CameraServices
{
    private readonly Misbehaviour _misbehaviour;
    private readonly CameraService[] _services;
    private int _dropped;

    /// <summary>Puts the services of a camera together.</summary>
    public CameraServices(CameraMemory memory, Misbehaviour misbehaviour, CameraTiming timing, TimeProvider time)
    {
        _misbehaviour = misbehaviour;
        Keys = new KeyRing(memory, misbehaviour, timing, time);
        Certificates = new CertificateStore(memory, misbehaviour);
        AuthorizationServers = new AuthorizationServerStore(memory, misbehaviour);
        Uplinks = new UplinkStore(memory, misbehaviour);
        var security = new SecurityService(memory, misbehaviour, Keys, Certificates, AuthorizationServers, time);
        var uplink = new UplinkService(memory, misbehaviour, Uplinks);
        DeviceService? device = null;
        device = new DeviceService(memory, misbehaviour, time, () =>
        [
            (device!.Service, DeviceService.Capabilities), (security.Service, security.Capabilities), (uplink.Service, uplink.Capabilities),
        ]);
        _services = [device.Service, security.Service, uplink.Service];
    }

    /// <summary>Keys.</summary>
    public KeyRing Keys { get; }

    /// <summary>Certificates and policies.</summary>
    public CertificateStore Certificates { get; }

    /// <summary>Authorization servers.</summary>
    public AuthorizationServerStore AuthorizationServers { get; }

    /// <summary>Uplinks.</summary>
    public UplinkStore Uplinks { get; }

    /// <summary>The service at a path.</summary>
    public CameraService? At(string path) => Array.Find(_services, service => service.Path == path);

    /// <summary>Carries an operation out.</summary>
    /// <param name="service">The service that was called.</param>
    /// <param name="request">The body's element.</param>
    /// <param name="action">The action of the content type, where there is one.</param>
    /// <param name="caller">Who calls.</param>
    /// <returns>The response element.</returns>
    /// <exception cref="SoapFaultException">It was refused.</exception>
    /// <exception cref="OperationCanceledException">The connection was dropped, as the camera was told to.</exception>
    public XElement Answer(CameraService service, XElement request, string? action, CameraCaller caller)
    {
        var name = request.Name.LocalName;
        if (request.Name.Namespace != service.Namespace || !service.Operations.TryGetValue(name, out var operation))
            throw SoapFaultException.Receiver($"no operation {name} here", "ActionNotSupported");
        if (!string.IsNullOrEmpty(action) && action != $"{service.Namespace.NamespaceName}/{name}")
            throw SoapFaultException.Sender("the action is not that of the body", "InvalidArgs");
        if (!UserLevels.Allow(caller.UserLevel, operation.Access))
            throw SoapFaultException.Sender($"{caller.UserLevel} may not call {name}", "NotAuthorized");
        if (_misbehaviour.Fault == name)
            throw SoapFaultException.Receiver("as it was told to", "Action");
        DropAt(_misbehaviour.DropBefore, name, caller);
        var response = new XElement(service.Namespace + $"{name}Response", operation.Carry(new ElementReader(request), caller));
        DropAt(_misbehaviour.Drop, name, caller);
        return response;
    }

    private void DropAt(string? where, string name, CameraCaller caller)
    {
        if (where != name || Interlocked.Exchange(ref _dropped, 1) != 0)
            return;
        caller.Drop();
        throw new OperationCanceledException("the camera drops the connection, as it was told to");
    }
}
