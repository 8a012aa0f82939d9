using System.Net;
using System.Text;
using System.Xml.Linq;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Provisioning.Support;

/// <summary>A camera at the other end of an uplink: real SOAP bytes, a real keystore, and faults when a test asks for them.</summary>
internal sealed class FakeCamera : ICameraConnections
{
    private static readonly XNamespace Soap = "http://www.w3.org/2003/05/soap-envelope";
    private readonly List<Action<Guid>> _subscribers = [];
    private int _calls;

    public Guid Id { get; } = Guid.NewGuid();

    public FakeKeystore Keystore { get; } = new();

    /// <summary>What was asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The bytes never leave this process: an uplink is there or not.</summary>
    public bool IsOnline { get; set; } = true;

    /// <summary>Faults by operation: subcodes, <c>!</c> in front for the camera's own.</summary>
    public Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations that are carried out, but whose answer is lost with the connection.</summary>
    public HashSet<string> Losing { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations that are carried out, and answered with a fault for all that; once each.</summary>
    public Dictionary<string, string> FaultsAfter { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations that are answered by a status without SOAP.</summary>
    public Dictionary<string, int> Statuses { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations whose uplink breaks before they are carried out, while another one stands: how many times.</summary>
    public Dictionary<string, int> Breaking { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs when somebody asks whether the camera is there.</summary>
    public Action? Looking { get; set; }

    /// <summary>Operations that are not answered.</summary>
    public HashSet<string> Silent { get; } = new(StringComparer.Ordinal);

    /// <summary>The process that asks dies when this call was carried out; 0: never.</summary>
    public int DiesAtCall { get; set; }

    /// <summary>Runs before a call is carried out.</summary>
    public Action<string>? Asking { get; set; }

    /// <summary>The same, where it takes its time.</summary>
    public Func<string, Task>? AskingAsync { get; set; }

    public List<Guid> Closed { get; } = [];

    public int Calls => _calls;

    public int Subscribers => _subscribers.Count;

    public bool IsConnected(Guid camera)
    {
        Looking?.Invoke();
        return IsOnline && camera == Id;
    }

    public IDisposable Subscribe(Action<Guid> connected)
    {
        _subscribers.Add(connected);
        return new Subscription(() => _subscribers.Remove(connected));
    }

    public void Arrive()
    {
        IsOnline = true;
        foreach (var subscriber in _subscribers.ToList()) subscriber(Id);
    }

    public Task CloseAsync(Guid camera)
    {
        Closed.Add(camera);
        return Task.CompletedTask;
    }

    public async Task<HttpResponseMessage> SendAsync(Guid camera, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsConnected(camera)) throw new CameraOfflineException();
        var element = XElement.Load(await request.Content!.ReadAsStreamAsync(cancellationToken)).Element(Soap + "Body")!.Elements().Single();
        var operation = element.Name.LocalName;
        Assert.Contains($"action=\"{element.Name.NamespaceName}/{operation}\"", request.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Asking?.Invoke(operation);
        if (AskingAsync is { } asking) await asking(operation);
        Asked.Add(operation);
        _calls++;
        if (!IsOnline) throw new CameraOfflineException();
        if (Silent.Contains(operation)) throw new TaskCanceledException();
        if (Breaking.TryGetValue(operation, out var left) && left > 0)
        {
            Breaking[operation] = left - 1;
            throw new CameraOfflineException();
        }

        if (Statuses.TryGetValue(operation, out var status)) return new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) };
        HttpResponseMessage answer;
        if (Faults.TryGetValue(operation, out var fault))
        {
            answer = Fault(fault);
        }
        else
        {
            Assert.Equal(Path(element.Name.NamespaceName), request.RequestUri!.OriginalString);
            var (body, refused) = Keystore.Answer(element);
            answer = refused is not null ? Fault(refused) : Answer(200, $"<{Prefix(element)}:{operation}Response xmlns:{Prefix(element)}=\"{element.Name.NamespaceName}\">{body}</{Prefix(element)}:{operation}Response>");
        }

        if (FaultsAfter.Remove(operation, out var late)) answer = Fault(late);
        if (DiesAtCall == _calls) throw new ProcessDeath();
        if (!Losing.Remove(operation)) return answer;
        IsOnline = false;
        throw new CameraOfflineException();
    }

    private static string Prefix(XElement element) => element.Name.NamespaceName.Split('/')[4] switch { "device" => "tds", "uplink" => "tup", _ => "tas" };

    private static string Path(string service) => service.Split('/')[4] switch { "device" => "/onvif/device_service", "uplink" => "/onvif/uplink_service", _ => "/onvif/security_service?v=2" };

    private static HttpResponseMessage Fault(string fault)
    {
        var (kind, codes) = fault[0] == '!' ? ("Receiver", fault[1..]) : ("Sender", fault);
        var subcodes = codes.Split('/').Reverse().Aggregate("", (inner, code) => $"<s:Subcode><s:Value>ter:{code}</s:Value>{inner}</s:Subcode>");
        return Answer(kind == "Sender" ? 400 : 500, $"<s:Fault><s:Code><s:Value>s:{kind}</s:Value>{subcodes}</s:Code><s:Reason><s:Text xml:lang=\"en\">no</s:Text></s:Reason></s:Fault>");
    }

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s=\"{Soap}\" xmlns:ter=\"http://www.onvif.org/ver10/error\"><s:Body>{body}</s:Body></s:Envelope>")),
    };

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
