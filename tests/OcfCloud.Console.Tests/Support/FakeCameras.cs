using System.Collections.Concurrent;
using System.Text;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Console.Tests.Support;

/// <summary>All cameras, as the port to their uplinks shows them: it keeps what they are asked and answers as the test says.</summary>
internal sealed class FakeCameras : ICameraConnections
{
    private readonly ConcurrentQueue<(Guid Camera, string Body)> _asked = new();

    /// <summary>What they were asked.</summary>
    public IReadOnlyList<(Guid Camera, string Body)> Asked => [.. _asked];

    /// <summary>The body of their SOAP answers; null: they are offline.</summary>
    public string? Answer { get; set; }

    /// <summary>The answer to GetDeviceInformation; texts are XML.</summary>
    public static string Information(string manufacturer, string model, string firmware, string serial) =>
        $"<tds:GetDeviceInformationResponse><tds:Manufacturer>{manufacturer}</tds:Manufacturer><tds:Model>{model}</tds:Model><tds:FirmwareVersion>{firmware}</tds:FirmwareVersion>"
        + $"<tds:SerialNumber>{serial}</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>";

    /// <summary>A fault; the reason is XML.</summary>
    public static string Fault(string reason) =>
        $"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:InvalidArgVal</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">{reason}</s:Text></s:Reason></s:Fault>";

    public bool IsConnected(Guid camera) => Answer is not null;

    public IDisposable Subscribe(Action<Guid> connected) => throw new NotSupportedException();

    public async Task<HttpResponseMessage> SendAsync(Guid camera, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Answer is not { } answer) throw new CameraOfflineException();
        _asked.Enqueue((camera, await request.Content!.ReadAsStringAsync(cancellationToken)));
        return new HttpResponseMessage
        {
            Content = new StringContent(
                "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\" xmlns:ter=\"http://www.onvif.org/ver10/error\">"
                + $"<s:Body>{answer}</s:Body></s:Envelope>",
                Encoding.UTF8,
                "application/soap+xml"),
        };
    }

    public Task CloseAsync(Guid camera) => Task.CompletedTask;
}
