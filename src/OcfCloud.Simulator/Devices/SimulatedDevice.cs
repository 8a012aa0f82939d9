using System.Security.Cryptography.X509Certificates;
using System.Text;
using OcfCloud.Coap;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Resources;
using OcfCloud.Simulator.Serving;

namespace OcfCloud.Simulator.Devices;

/// <summary>A simulated device with its memory and its way into a cloud.</summary>
internal sealed class SimulatedDevice : IDisposable
{
    private readonly DeviceMemory _memory;
    private readonly DeviceModel _model;
    private readonly X509Certificate2 _certificate;
    private readonly bool _publishes;
    private readonly CloudTiming _timing;
    private readonly TimeProvider _time;
    private readonly Action<string> _tell;

    /// <summary>Takes up a device where it was left.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="memory">Its state.</param>
    /// <param name="certificate">Who it proves to be; belongs to the device from now on.</param>
    /// <param name="cloudAnchors">Who is believed to be the cloud.</param>
    /// <param name="timing">Waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Gets what happens, for people.</param>
    public SimulatedDevice(
        DeviceKind kind,
        string name,
        DeviceMemory memory,
        X509Certificate2 certificate,
        TrustAnchors cloudAnchors,
        CloudTiming timing,
        TimeProvider time,
        Action<string> tell)
    {
        _memory = memory;
        _certificate = certificate;
        _timing = timing;
        _time = time;
        _tell = tell;
        _publishes = kind != DeviceKind.Client;
        _model = DeviceModel.Create(kind, name, memory.Current, time, Random.Shared);
        foreach (var resource in _model.Resources.Where(r => r.Save() is not null))
            resource.Changed += _ => _memory.Keep(_model.Resources);
        Configuration = new CloudConfiguration(memory.Current.Cloud, memory.Keep);
        Server = new ResourceServer(_model.DeviceId, [.. _model.Resources, new CloudConfigurationResource(Configuration)]);
        Server.Updated += TellUpdate;
        Entrance = new CloudEntrance(_model.DeviceId, Configuration, new TlsCloudDialer(certificate, cloudAnchors, timing, time), Server, timing, time, tell);
    }

    /// <summary><c>di</c>.</summary>
    public Guid DeviceId => _model.DeviceId;

    /// <summary><c>n</c>.</summary>
    public string Name => _model.Name;

    /// <summary>Its device type, <c>oic.d.light</c>.</summary>
    public string? Type => _model.Resources.Single(r => r.Href == DeviceInformation.Path).Types.ElementAtOrDefault(1);

    /// <summary>The certificate that it shows.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>Its cloud.</summary>
    public CloudConfiguration Configuration { get; }

    /// <summary>Its resources, <c>oic.r.coapcloudconf</c> included.</summary>
    public ResourceServer Server { get; }

    /// <summary>Its way into the cloud.</summary>
    public CloudEntrance Entrance { get; }

    /// <summary>Lives in the cloud that the configuration names, until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var links = new LinkList(DeviceId, Server.Resources);
        return new CloudConnector(Configuration, Entrance, _publishes ? links.Published : null, _timing, _time, _tell).RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _certificate.Dispose();
    }

    private void TellUpdate(CoapMessage request, CoapMessage answer)
    {
        // A one-time token never reaches the screen.
        var body = request.Path != CloudConfigurationResource.Path && RepresentationCodec.TryDecode(request.Payload, out var node)
            ? node?.ToJsonString()
            : null;
        var line = new StringBuilder("POST ").Append(request.Path);
        if (body is not null)
            line.Append(' ').Append(body);
        line.Append(" -> ").Append(answer.Code);
        if (!answer.Code.IsSuccess)
            line.Append(' ').Append(answer.Diagnostic);
        _tell(line.ToString());
    }
}
