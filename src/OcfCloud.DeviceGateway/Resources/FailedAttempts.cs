using System.Net;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>
/// Holds back those who guess tokens: after more than some that were wrong in a row the next attempt is answered 5.03 without a look at the store, for a time that doubles.
/// Counted a device at an address, and an address as a whole: a device is never held back by what others do in its name elsewhere, nor, at its own address, once it was
/// let in from there. Field: a 5.03 makes a device try again, a 4.xx would stop it for good.
/// </summary>
internal sealed class FailedAttempts(IOptions<DeviceGatewayOptions> options, GatewayMetrics metrics, TimeProvider time)
{
    // Addresses, and devices at addresses, of five to ten minutes.
    private const int MaxTracked = 50_000;

    // Devices that were let in, as many at least.
    private const int MaxKnown = 50_000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly RecentTable<(IPAddress Network, DeviceId? Device), Row> _failed = new(MaxTracked, Kept, time);
    private readonly RecentTable<(IPAddress Network, DeviceId Device), bool> _known = new(MaxKnown, period: null, time);

    /// <summary>What an attempt is answered that comes too soon; null: it is looked at.</summary>
    public ResourceAnswer? Postpone(ICaller caller, DeviceId device)
    {
        var now = time.GetTimestamp();
        var network = caller.Network;
        TimeSpan rest;
        lock (_lock)
        {
            rest = RestOf((network, device), now);
            if (caller.Session is null && RestOf((network, null), now) is var ofAll && ofAll > rest && !_known.TryGet((network, device), out _)) rest = ofAll;
        }

        if (rest <= TimeSpan.Zero) return null;
        metrics.Rejected(GatewayLimit.FailedAttempts);
        return CoapMessage.Response(CoapCode.ServiceUnavailable)
            .WithOption(CoapOptionNumber.MaxAge, (uint)Math.Ceiling(rest.TotalSeconds))
            .WithDiagnostic("too many attempts with wrong tokens: try again later");
    }

    /// <summary>An attempt was looked at.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="device">For this device.</param>
    /// <param name="refusal">Why its token was not taken (<see cref="RefusalReason"/>); null: it was right.</param>
    public void Settle(ICaller caller, DeviceId device, string? refusal)
    {
        // It was the device's own once: after an outage whole houses come with such ones, and refresh them next.
        if (refusal == RefusalReason.TokenExpired) return;
        var network = caller.Network;
        lock (_lock)
        {
            if (refusal is null)
            {
                _failed.Remove((network, device));
                _failed.Remove((network, null));
                _known.Set((network, device), true);
                return;
            }

            Fail((network, device), options.Value.MaxFailedAttempts);
            Fail((network, null), options.Value.MaxFailedAttemptsPerAddress);
        }
    }

    private TimeSpan RestOf((IPAddress Network, DeviceId? Device) key, long now) =>
        _failed.TryGet(key, out var row) && row.Until > now ? time.GetElapsedTime(now, row.Until) : TimeSpan.Zero;

    private void Fail((IPAddress Network, DeviceId? Device) key, int free)
    {
        var failures = _failed.TryGet(key, out var row) ? row.Failures + 1 : 1;
        var over = failures - free - 1;
        var delay = over < 0 ? TimeSpan.Zero : Doubled(over);
        _failed.Set(key, new Row(failures, time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency)));
    }

    private TimeSpan Doubled(int times)
    {
        var most = options.Value.MaxFailedAttemptDelay;
        var delay = options.Value.FailedAttemptDelay;
        while (times-- > 0 && delay < most) delay *= 2;
        return delay < most ? delay : most;
    }

    private readonly record struct Row(int Failures, long Until);
}
