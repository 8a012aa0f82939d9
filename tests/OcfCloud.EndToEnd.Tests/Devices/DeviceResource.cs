using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Devices;

/// <summary>A resource of a simulated device: one map, read, changed and observed.</summary>
internal sealed class DeviceResource(string href, string type)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, object?> _members = new(StringComparer.Ordinal) { ["value"] = false };
    private readonly Dictionary<string, byte[]> _observers = [];
    private uint _sequence = 1;

    public string Href { get; } = href;

    public string Type { get; } = type;

    /// <summary>The policy bits: 1 discoverable, 2 observable.</summary>
    public int Bm { get; set; } = 3;

    /// <summary>Takes this resource's notifications to the wire.</summary>
    public Func<WireMessage, Task>? Send { get; set; }

    public int ObserverCount
    {
        get
        {
            lock (_lock)
            {
                return _observers.Count;
            }
        }
    }

    /// <summary>What a member holds.</summary>
    public object? this[string member]
    {
        get
        {
            lock (_lock)
            {
                return _members[member];
            }
        }
    }

    public Dictionary<string, object?> Link => new()
    {
        ["href"] = Href,
        ["rt"] = new[] { Type },
        ["if"] = new[] { "oic.if.a", "oic.if.baseline" },
        ["p"] = new Dictionary<string, object?> { ["bm"] = Bm },
    };

    public WireMessage Handle(WireMessage request)
    {
        lock (_lock)
        {
            var key = Convert.ToHexString(request.Token);
            switch (request.Code)
            {
                case 1 when request.Find(WireOption.Observe) == 0:
                    _observers[key] = request.Token;
                    return WireRequest.Answer(request, "2.05", Cbor.Encode(_members), _sequence);
                case 1:
                    _observers.Remove(key);
                    return WireRequest.Answer(request, "2.05", Cbor.Encode(_members));
                case 2:
                    Change(Cbor.DecodeMap(request.Payload));
                    return WireRequest.Answer(request, "2.04", Cbor.Encode(_members));
                default:
                    return WireRequest.Answer(request, "4.05");
            }
        }
    }

    /// <summary>Changes members and tells the observers, as a light does whose switch is pressed.</summary>
    public void Change(IReadOnlyDictionary<string, object?> members)
    {
        lock (_lock)
        {
            foreach (var (name, value) in members)
            {
                _members[name] = value;
            }

            _sequence++;
            foreach (var token in _observers.Values)
            {
                _ = Send?.Invoke(WireRequest.Answer(new WireMessage(0, token, [], []), "2.05", Cbor.Encode(_members), _sequence));
            }
        }
    }

    /// <summary>A new connection knows no observation of the old one.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _observers.Clear();
        }
    }
}
