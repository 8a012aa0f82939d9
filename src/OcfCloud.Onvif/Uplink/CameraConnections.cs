using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OcfCloud.Onvif.Uplink;

/// <summary>The way to cameras for other features.</summary>
internal sealed partial class CameraConnections(
    UplinkRegister register, UplinkClient client, IOptions<OnvifOptions> options, TimeProvider time, ILogger<CameraConnections> logger) : ICameraConnections
{
    // A call that looks at an uplink goes by that one, whichever way the call takes through the code that writes it.
    private readonly AsyncLocal<HeldUplink?> _by = new();
    private ImmutableArray<Subscription> _subscriptions = [];

    public bool IsConnected(Guid camera) => register.Find(camera) is not null;

    public IDisposable Subscribe(Action<Guid> connected)
    {
        var subscription = new Subscription(this, connected);
        ImmutableInterlocked.Update(ref _subscriptions, (all, added) => all.Add(added), subscription);
        return subscription;
    }

    public Task<HttpResponseMessage> SendAsync(Guid camera, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uplink = _by.Value is { } by && by.Camera == camera ? by : register.Find(camera);
        return uplink is null ? Task.FromException<HttpResponseMessage>(new CameraOfflineException()) : client.SendAsync(uplink, request, cancellationToken);
    }

    public async Task CloseAsync(Guid camera)
    {
        var uplinks = register.Of(camera);
        uplinks.ForEach(uplink => uplink.Close(UplinkEnd.Closed));
        try
        {
            await Task.WhenAll(uplinks.Select(uplink => uplink.Gone)).WaitAsync(2 * options.Value.UplinkCloseTimeout, time);
        }
        catch (TimeoutException)
        {
            // Nothing is sent by them any more; their connections go when the network lets them.
        }
    }

    /// <summary>Runs calls to an uplink's camera so that they go by this very uplink.</summary>
    public async Task<T> ByAsync<T>(HeldUplink uplink, Func<Task<T>> call)
    {
        _by.Value = uplink;
        return await call();
    }

    /// <summary>Tells whoever waits for the camera.</summary>
    public void Announce(Guid camera)
    {
        foreach (var subscription in _subscriptions)
        {
            try
            {
                subscription.Connected(camera);
            }
            catch (Exception e)
            {
                // One listener's bug is not the others' loss.
                LogListenerFailed(e);
            }
        }
    }

    private sealed class Subscription(CameraConnections connections, Action<Guid> connected) : IDisposable
    {
        public Action<Guid> Connected => connected;

        public void Dispose() => ImmutableInterlocked.Update(ref connections._subscriptions, (all, removed) => all.Remove(removed), this);
    }
}
