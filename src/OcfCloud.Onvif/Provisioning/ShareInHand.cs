using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>A share that this node has claimed: what is known of it, and the one way to write it. Every write finds out whether the claim and the state still stand.</summary>
internal sealed class ShareInHand
{
    private readonly Store _store;
    private readonly NodeIdentity _node;
    private readonly Announcements _announcements;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;
    private readonly OnvifOptions _options;
    private readonly HashSet<string> _logged;
    private int _steps;

    private ShareInHand(
        Store store, NodeIdentity node, Announcements announcements, AuditTrail audit, TimeProvider time, OnvifOptions options, Share share, Camera camera, List<CameraObject> objects, List<ShareStep> steps)
    {
        (_store, _node, _announcements, _audit, _time, _options) = (store, node, announcements, audit, time, options);
        (Share, Camera, Objects, Steps) = (share, camera, objects, steps);
        _logged = [.. steps.Select(step => step.Name)];
        _steps = steps.Count == 0 ? 0 : steps.Max(step => step.Number);
        Configuration = ConfigurationText.Read(share.Configuration);
        Begun = time.GetUtcNow();
    }

    public Share Share { get; private set; }

    public Camera Camera { get; }

    public DeviceConfiguration Configuration { get; }

    /// <summary>What it uses on the camera, by what it is for.</summary>
    public List<CameraObject> Objects { get; }

    public List<ShareStep> Steps { get; }

    /// <summary>Something came to stand on the camera in this turn, or went from it.</summary>
    public bool HasProgressed { get; private set; }

    /// <summary>When this turn began.</summary>
    public DateTimeOffset Begun { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The mark that everything carries which this share makes and that may be named: by it a crash between a call and its record is recovered.</summary>
    public string Mark => $"ocfcloud {Share.Id:N}";

    /// <summary>Reads what belongs to a claimed share; null where it is gone.</summary>
    public static async Task<ShareInHand?> TakeAsync(
        Store store, NodeIdentity node, Announcements announcements, AuditTrail audit, TimeProvider time, IOptions<OnvifOptions> options, Share share, CancellationToken cancellationToken)
    {
        var (camera, objects, steps) = await store.ReadAsync(
            async (context, token) => (
                await context.Set<Camera>().SingleOrDefaultAsync(one => one.Id == share.CameraId, token),
                await context.Set<CameraObject>().Where(one => one.ShareId == share.Id).ToListAsync(token),
                await context.Set<ShareStep>().Where(one => one.ShareId == share.Id).OrderBy(one => one.Number).ToListAsync(token)),
            cancellationToken);
        return camera is null ? null : new ShareInHand(store, node, announcements, audit, time, options.Value, share, camera, objects, steps);
    }

    public CameraObject? Find(CameraObjectKind kind, string name) => Objects.Find(one => one.Kind == kind && one.Name == name);

    /// <summary>Whether a step was done with something, in this turn or an earlier one.</summary>
    public bool IsLogged(string step, string detail) => Steps.Exists(one => one.Name == step && one.Detail == Cut(detail));

    /// <summary>Writes a question into the log: each once, however often it is asked again.</summary>
    public Task AskingAsync(string operation, CancellationToken cancellationToken) =>
        !operation.StartsWith("Get", StringComparison.Ordinal) || _logged.Contains(operation) ? Task.CompletedTask : WriteAsync((_, _) => { }, operation, null, cancellationToken);

    /// <summary>Records that something is about to be made: before the call, so that nothing can be on the camera of which nothing is known here.</summary>
    public Task IntendAsync(CameraObjectKind kind, string name, CancellationToken cancellationToken)
    {
        if (Find(kind, name) is not null) return Task.CompletedTask;
        return RecordAsync(new CameraObject { ShareId = Share.Id, Kind = kind, Name = name, IsOurs = true }, null, cancellationToken);
    }

    /// <summary>Records what stands on the camera.</summary>
    /// <param name="made">The object.</param>
    /// <param name="step">The step that is done with it; null: none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RecordAsync(CameraObject made, string? step, CancellationToken cancellationToken)
    {
        await WriteAsync(
            (context, _) =>
            {
                var known = context.Set<CameraObject>().Local.FirstOrDefault(one => one.Kind == made.Kind && one.Name == made.Name);
                if (known is null)
                {
                    context.Add(new CameraObject { ShareId = made.ShareId, Kind = made.Kind, Name = made.Name, Handle = made.Handle, IsOurs = made.IsOurs });
                    return;
                }

                known.Handle = made.Handle;
                known.IsOurs = made.IsOurs;
            },
            step,
            made.Name,
            made,
            cancellationToken);
        Objects.RemoveAll(one => one.Kind == made.Kind && one.Name == made.Name);
        Objects.Add(made);
        HasProgressed |= made.Handle is not null;
    }

    /// <summary>Records that something is not on the camera (any more).</summary>
    public async Task ForgetAsync(CameraObject made, string? step, CancellationToken cancellationToken)
    {
        await WriteAsync((context, _) => context.RemoveRange(context.Set<CameraObject>().Local.ToList()), step, made.Name, made, cancellationToken);
        Objects.RemoveAll(one => one.Kind == made.Kind && one.Name == made.Name);
        HasProgressed = true;
    }

    /// <summary>Writes a change of the share, with a step.</summary>
    public Task WriteAsync(Action<CloudDbContext, Share> change, string? step, string? detail, CancellationToken cancellationToken) => WriteAsync(change, step, detail, null, cancellationToken);

    /// <summary>Writes a change that needs more of the same transaction.</summary>
    /// <exception cref="ShareChangedException">The claim or the state does not stand any more.</exception>
    public Task WriteAsync(Func<CloudDbContext, Share, CancellationToken, Task> change, string? step, string? detail, CancellationToken cancellationToken) =>
        WriteAsync(change, step, detail, null, cancellationToken);

    private async Task WriteAsync(Func<CloudDbContext, Share, CancellationToken, Task> change, string? step, string? detail, CameraObject? of, CancellationToken cancellationToken)
    {
        var (expected, me, number) = (Share.State, _node.Id, _steps + 1);
        var logged = step is null ? null : new ShareStep { ShareId = Share.Id, Number = number, Name = step, At = Now, Detail = Cut(detail) };
        var written = await _store.WriteAsync(
            async (context, token) =>
            {
                await UserLock.TakeAsync(context, Share.UserId, token);
                var share = await context.Set<Share>().AsTracking().SingleOrDefaultAsync(one => one.Id == Share.Id, token);
                if (share is null || share.LeaseOwner != me || share.State != expected) throw new ShareChangedException();
                if (of is not null) await context.Set<CameraObject>().AsTracking().Where(one => one.ShareId == share.Id && one.Kind == of.Kind && one.Name == of.Name).LoadAsync(token);
                var reason = share.Reason;
                await change(context, share, token);
                share.Reason = Cut(share.Reason);
                share.LeaseUntil = Now + _options.WorkLease;
                if (logged is not null) context.Add(new ShareStep { ShareId = logged.ShareId, Number = logged.Number, Name = logged.Name, At = logged.At, Detail = logged.Detail });
                if (share.State != expected && share.State is ShareState.Unshared or ShareState.Failed or ShareState.Transferred)
                    RecordEnd(_audit, context, share);
                if (share.State != expected || share.Reason != reason) _announcements.CameraChanged(context, share.UserId, share.CameraId);
                return share;
            },
            cancellationToken);
        Share = written;
        if (logged is null) return;
        _steps = number;
        _logged.Add(logged.Name);
        Steps.Add(logged);
    }

    /// <summary>Leaves in the audit record that a share is over, and how, in the transaction that ends it.</summary>
    public static void RecordEnd(AuditTrail audit, CloudDbContext context, Share share) => audit.Add(
        context, AuditKind.ShareEnded, $"camera:{share.CameraId}", share.UserId, $"share {share.Id}, {share.State} {share.Reason}".TrimEnd(), AuditActor.Cloud);

    private Task WriteAsync(Action<CloudDbContext, Share> change, string? step, string? detail, CameraObject? of, CancellationToken cancellationToken) => WriteAsync(
        (context, share, _) =>
        {
            change(context, share);
            return Task.CompletedTask;
        },
        step,
        detail,
        of,
        cancellationToken);

    private static string? Cut(string? text) => text is { Length: > 512 } ? text[..512] : text;
}
