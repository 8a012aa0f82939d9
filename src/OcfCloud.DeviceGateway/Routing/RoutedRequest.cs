using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Connections;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>A request that was copied to a device and waits for its answer. Pooled, so that the routed path allocates nothing.</summary>
internal sealed class RoutedRequest
{
    /// <summary>Bytes of options that are remembered; a request with more goes as a whole message.</summary>
    public const int MaxOptions = 512;

    private readonly byte[] _options = new byte[MaxOptions];
    private int _optionsLength;

    /// <summary>Who asked.</summary>
    public DeviceConnection Asker { get; private set; } = null!;

    /// <summary>The device's connection.</summary>
    public DeviceConnection Target { get; private set; } = null!;

    /// <summary>The device's session.</summary>
    public DeviceSession Session { get; private set; } = null!;

    /// <summary>The asker's token.</summary>
    public CoapToken Token { get; private set; }

    /// <summary>When it was read, as a timestamp of the clock.</summary>
    public long ReadAt { get; private set; }

    /// <summary>The method.</summary>
    public CoapCode Method { get; private set; }

    /// <summary>Whether an answer in OCF's format carries its version.</summary>
    public bool WantsVersion { get; private set; }

    /// <summary>Whether there was a query.</summary>
    public bool HasQuery { get; private set; }

    /// <summary>The request's options as they came: the path for the twin, and what the further blocks of an answer are asked for with.</summary>
    public ReadOnlySpan<byte> Options => _options.AsSpan(0, _optionsLength);

    public void Fill(DeviceConnection asker, DeviceConnection target, DeviceSession session, in CoapFrame request, in ForwardPlan plan)
    {
        Asker = asker;
        Target = target;
        Session = session;
        Token = request.Token;
        Method = request.Code;
        ReadAt = asker.Coap.ReadAt;
        WantsVersion = plan.WantsVersion;
        HasQuery = plan.HasQuery;
        request.Options.CopyTo(_options);
        _optionsLength = request.Options.Length;
    }

    /// <summary>Lets go of the connections before it waits in the pool.</summary>
    public void Clear()
    {
        Asker = null!;
        Target = null!;
        Session = null!;
    }
}
