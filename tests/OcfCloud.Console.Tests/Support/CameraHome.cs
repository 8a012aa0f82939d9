using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Console.Tests.Support;

/// <summary>Cameras and their shares in the store, as uplinks and jobs would have left them.</summary>
internal static class CameraHome
{
    public static readonly DateTimeOffset Since = new(2026, 11, 2, 11, 30, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Adds a camera.</summary>
    public static async Task<Guid> AddCameraAsync(
        this TestCloud cloud, User user, CameraState state = CameraState.Active, string model = "AC-2000", string serial = "SN-1", string? reason = null, Guid? incoming = null, params UplinkKind[] uplinks)
    {
        var isKnown = state != CameraState.Waiting;
        var camera = new Camera
        {
            Id = Guid.NewGuid(),
            UserId = new UserId(user.Id),
            ClientId = Guid.NewGuid().ToString("N"),
            State = state,
            Reason = reason,
            Manufacturer = isKnown ? "Acme" : null,
            Model = isKnown ? model : null,
            SerialNumber = isKnown ? serial : null,
            FirmwareVersion = isKnown ? "4.2.1" : null,
            IncomingShareId = incoming,
            CreatedAt = Since,
        };
        await cloud.ChangeAsync(context =>
        {
            context.Add(camera);
            foreach (var kind in uplinks) context.Add(new CameraUplink { CameraId = camera.Id, Kind = kind, Node = Guid.NewGuid(), Connection = Guid.NewGuid(), Since = Since.AddMinutes((int)kind) });
        });
        return camera.Id;
    }

    /// <summary>Adds a share of a camera with one step.</summary>
    public static async Task<Guid> AddShareAsync(
        this TestCloud cloud, User user, Guid camera, ShareState state = ShareState.Connected, ShareMode mode = ShareMode.Share, string? reason = null, string detail = "anchor 1")
    {
        var share = new Share
        {
            Id = Guid.NewGuid(),
            CameraId = camera,
            UserId = new UserId(user.Id),
            TokenId = Guid.NewGuid(),
            Mode = mode,
            State = state,
            Reason = reason,
            Configuration = "{}",
            ServerAuthority = "other.example:443",
            CreatedAt = Since,
            DeadlineAt = Since.AddDays(7),
        };
        await cloud.ChangeAsync(context =>
        {
            context.Add(share);
            context.Add(new ShareStep { ShareId = share.Id, Number = 1, Name = "UploadCertificate", Detail = detail, At = Since });
        });
        return share.Id;
    }

    /// <summary>Adds a camera that another cloud is asked for.</summary>
    public static async Task<Guid> AddIncomingShareAsync(
        this TestCloud cloud, User user, IncomingShareState state = IncomingShareState.Proposed, string? reason = null, string model = "AC-2000", Guid? camera = null)
    {
        var share = new IncomingShare
        {
            Id = Guid.NewGuid(),
            UserId = new UserId(user.Id),
            State = state,
            Reason = reason,
            Xaddr = "https://other.example:8443/onvif/cloud",
            Manufacturer = "Acme",
            Model = model,
            SerialNumber = "SN-7",
            Mode = ShareMode.Transfer,
            UserLevel = UserLevel.Operator,
            Token = [1],
            TokenHash = [1],
            Nonce = [1],
            NonceHash = Guid.NewGuid().ToByteArray(),
            ClientId = Guid.NewGuid().ToString("N"),
            CameraId = camera,
            CreatedAt = Since,
            DeadlineAt = DateTimeOffset.MaxValue,
        };
        await cloud.ChangeAsync(context => context.Add(share));
        return share.Id;
    }

    /// <summary>A row by its key; null: it is gone.</summary>
    public static Task<T?> RowAsync<T>(this TestCloud cloud, Guid id) where T : class =>
        cloud.Services.GetRequiredService<Store>().ReadAsync(async (context, token) => await context.Set<T>().FindAsync([id], token), Cancellation);

    /// <summary>Changes the store.</summary>
    public static Task ChangeAsync(this TestCloud cloud, Action<CloudDbContext> change) => cloud.Services.GetRequiredService<Store>().WriteAsync(
        (context, _) =>
        {
            change(context);
            return Task.CompletedTask;
        },
        Cancellation);
}
