using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Provisioning;

/// <inheritdoc cref="ICameraChecks"/>
internal sealed class CameraChecks(ICameraConnections connections, CameraCalls calls, Store store, IOptions<OnvifOptions> options, TimeProvider time) : ICameraChecks
{
    public async Task<CameraCheck> CheckAsync(Camera camera, DeviceConfiguration configuration, CancellationToken cancellationToken)
    {
        if (!connections.IsConnected(camera.Id)) return CameraCheck.Fits;
        using var limit = new CancellationTokenSource(options.Value.PreCheckTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var session = new CameraSession(calls, camera.Id);
            if (await session.OpenAsync(either.Token) is { } closed) return Of(closed);
            var (view, end) = await session.ViewAsync(either.Token);
            if (end is not null) return Of(end);
            return CameraFitness.Judge(options.Value, camera, PromisedCamera.Of(configuration.ShareToken), view!, configuration, await OfSameCloudAsync(store, camera.Id, configuration, cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CameraCheck.Fits;
        }
    }

    /// <summary>Remote addresses that shares of a camera with the same cloud have set, or were about to.</summary>
    public static async Task<IReadOnlyCollection<string>> OfSameCloudAsync(Store store, Guid camera, DeviceConfiguration configuration, CancellationToken cancellationToken)
    {
        var authority = CloudAuthority.Of(configuration);
        return await store.ReadAsync(
            (context, token) => (from made in context.Set<CameraObject>()
                                 join share in context.Set<Share>() on made.ShareId equals share.Id
                                 where share.CameraId == camera && share.ServerAuthority == authority && made.Kind == CameraObjectKind.Uplink
                                 select made.Name).ToListAsync(token),
            cancellationToken);
    }

    // A camera that is silent is as one that is offline: the work waits for it.
    private static CameraCheck Of(TurnEnd end) => end.Failure is { } reason ? new CameraCheck(reason, IsOtherCamera: false) : CameraCheck.Fits;
}
