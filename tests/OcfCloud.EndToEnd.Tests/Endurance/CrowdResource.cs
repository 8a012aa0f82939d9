using System.Diagnostics;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>
/// A resource whose every representation tells which one it is: device, path and a version that rises with each change. So an answer that belongs to another
/// question, an old one and a made-up one are told apart from the right one.
/// </summary>
internal sealed class CrowdResource(Guid device, string href)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(CrowdLink Link, string Token), byte[]> _observers = [];
    private readonly Dictionary<string, int> _executed = new(StringComparer.Ordinal);
    private long _version;
    private long _removed = Stopwatch.GetTimestamp() - Stopwatch.Frequency * 3600;

    public string Href => href;

    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>How long ago it left the directory, or began to: what ends its observations.</summary>
    public TimeSpan SinceRemoval => Stopwatch.GetElapsedTime(Interlocked.Read(ref _removed));

    public Dictionary<string, object?> Link => new()
    {
        ["href"] = href,
        ["rt"] = new[] { "x.crowd.counter" },
        ["if"] = new[] { "oic.if.a", "oic.if.baseline" },
        ["p"] = new Dictionary<string, object?> { ["bm"] = 3 },
    };

    public IReadOnlyList<string> ExecutedTwice
    {
        get
        {
            lock (_lock)
            {
                return [.. _executed.Where(e => e.Value > 1).Select(e => e.Key)];
            }
        }
    }

    /// <summary>How often the change with this name was made.</summary>
    public int TimesExecuted(string name)
    {
        lock (_lock)
        {
            return _executed.GetValueOrDefault(name);
        }
    }

    public void Removing() => Interlocked.Exchange(ref _removed, Stopwatch.GetTimestamp());

    /// <summary>
    /// Answers on the connection by which the request came; under the lock, so that answers and notifications go out in the order of their versions.
    /// </summary>
    public void Handle(WireMessage request, CrowdLink link)
    {
        lock (_lock)
        {
            var key = (link, Convert.ToHexString(request.Token));
            switch (request.Code)
            {
                case 1 when request.Find(WireOption.Observe) == 0:
                    _observers[key] = request.Token;
                    link.Post(WireRequest.Answer(request, "2.05", Representation(null), Sequence));
                    break;
                case 1:
                    _observers.Remove(key);
                    link.Post(WireRequest.Answer(request, "2.05", Representation(null)));
                    break;
                case 2:
                    var by = (string)Cbor.DecodeMap(request.Payload)["by"]!;
                    _executed[by] = _executed.GetValueOrDefault(by) + 1;
                    ChangeLocked();
                    link.Post(WireRequest.Answer(request, "2.04", Representation(by)));
                    break;
                default:
                    link.Post(WireRequest.Answer(request, "4.05"));
                    break;
            }
        }
    }

    /// <summary>Changes by itself, as a sensor does.</summary>
    public void Change()
    {
        lock (_lock)
        {
            ChangeLocked();
        }
    }

    /// <summary>A connection is gone, and with it the observations that came by it.</summary>
    public void Forget(CrowdLink link)
    {
        lock (_lock)
        {
            foreach (var key in _observers.Keys.Where(k => k.Link == link).ToList())
            {
                _observers.Remove(key);
            }
        }
    }

    private uint Sequence => (uint)_version & 0xFF_FFFF;

    private void ChangeLocked()
    {
        _version++;
        foreach (var ((link, _), token) in _observers)
        {
            link.Post(WireRequest.Answer(new WireMessage(0, token, [], []), "2.05", Representation(null), Sequence));
        }
    }

    private byte[] Representation(string? by) => Cbor.Map(("di", device.ToString()), ("href", href), ("version", _version), ("by", by));
}
