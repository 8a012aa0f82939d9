using System.Net;
using System.Threading.Channels;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>A connection as the resources see it, without one.</summary>
internal sealed class TestCaller : ICaller
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<CoapMessage> _notifications = Channel.CreateUnbounded<CoapMessage>();
    private readonly Dictionary<CoapToken, IDisposable> _observations = [];

    /// <summary>The device that the certificate names.</summary>
    public DeviceId? Certified { get; init; }

    public (UserId User, DeviceId Device)? Binding { get; private set; }

    public DeviceSession? Session { get; private set; }

    public IPAddress Network { get; init; } = IPAddress.Loopback;

    public string LocalEndpoint { get; init; } = "coaps+tcp://192.0.2.1:5684";

    public int MaxMessageSize { get; set; } = 256 * 1024;

    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether a later sign-in wins while one is under way.</summary>
    public bool LaterSignInWins { get; init; }

    public int MaxObservations { get; init; } = 10;

    public int Publishes { get; private set; }

    public int SignOuts { get; private set; }

    public List<DateTimeOffset?> Extensions { get; } = [];

    public IReadOnlyCollection<CoapToken> Observations
    {
        get
        {
            lock (_observations) return [.. _observations.Keys];
        }
    }

    public bool MayActFor(DeviceId device) => (Certified ?? device) == device && (Binding?.Device ?? device) == device;

    public bool MayActFor(UserId user) => (Binding?.User ?? user) == user;

    public void Bind(UserId user, DeviceId device)
    {
        Session = null;
        Binding = (user, device);
    }

    public bool BeginSession(UserId user, DeviceId device, SignInOutcome signIn)
    {
        if (LaterSignInWins) return false;
        Session = new DeviceSession(user, device, signIn.Session, signIn.TwinEnabled);
        Binding = (user, device);
        return true;
    }

    public void EndSession()
    {
        Session = null;
        SignOuts++;
    }

    public void ExtendSession(DateTimeOffset? expires) => Extensions.Add(expires);

    /// <summary>Whether the peer reads.</summary>
    public bool Reads { get; set; } = true;

    public NotifyOutcome TryNotify(CoapMessage notification, CoapMessage request)
    {
        if (notification.MaxSize > MaxMessageSize) return NotifyOutcome.TooLarge;
        return Reads && _notifications.Writer.TryWrite(notification) ? NotifyOutcome.Sent : NotifyOutcome.NotNow;
    }

    public bool TryAddObservation(CoapToken token, IDisposable observation)
    {
        IDisposable? replaced;
        lock (_observations)
        {
            if (!_observations.Remove(token, out replaced) && _observations.Count >= MaxObservations) return false;
            _observations.Add(token, observation);
        }
        replaced?.Dispose();
        return true;
    }

    public bool RemoveObservation(CoapToken token)
    {
        IDisposable? removed;
        lock (_observations) _observations.Remove(token, out removed);
        removed?.Dispose();
        return removed is not null;
    }

    public void ForgetObservation(CoapToken token, IDisposable observation)
    {
        lock (_observations)
        {
            if (_observations.GetValueOrDefault(token) == observation) _observations.Remove(token);
        }
    }

    public void Published() => Publishes++;

    /// <summary>The connection ends.</summary>
    public void Close() => _ended.Cancel();

    /// <summary>The next notification.</summary>
    public async Task<CoapMessage> NotificationAsync() =>
        await _notifications.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public bool HasNotification => _notifications.Reader.TryPeek(out _);
}
