using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>The records of what shares use on cameras.</summary>
internal static class CameraObjects
{
    /// <summary>What other shares of a camera use there, or left there.</summary>
    public static Task<List<OtherObject>> OfOthersAsync(Store store, Share share, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => (from made in context.Set<CameraObject>()
                             join other in context.Set<Share>() on made.ShareId equals other.Id
                             where other.CameraId == share.CameraId && other.Id != share.Id && made.Handle != null
                             select new OtherObject(made, other.State, other.ServerAuthority, other.CreatedAt)).ToListAsync(token),
        cancellationToken);

    /// <summary>Makes another share the one that takes something back.</summary>
    public static Task GiveAsync(CloudDbContext context, CameraObject other, CancellationToken cancellationToken) =>
        Of(context, other).ExecuteUpdateAsync(row => row.SetProperty(one => one.IsOurs, true), cancellationToken);

    /// <summary>Says what an entry of another share was before: what an older one that goes now had found there.</summary>
    /// <param name="context">Where.</param>
    /// <param name="entry">The other's entry.</param>
    /// <param name="was">What it was; null: nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task SetBeforeAsync(CloudDbContext context, CameraObject entry, string? was, CancellationToken cancellationToken)
    {
        if (Before.KindOf(entry.Kind) is not { } kind) return;
        var rows = context.Set<CameraObject>().Where(one => one.ShareId == entry.ShareId && one.Kind == kind && one.Name == entry.Name);
        if (was is null) await rows.ExecuteDeleteAsync(cancellationToken);
        else await rows.ExecuteUpdateAsync(row => row.SetProperty(one => one.Handle, was), cancellationToken);
    }

    public static Task RemoveAsync(CloudDbContext context, CameraObject made, CancellationToken cancellationToken) => Of(context, made).ExecuteDeleteAsync(cancellationToken);

    private static IQueryable<CameraObject> Of(CloudDbContext context, CameraObject made) =>
        context.Set<CameraObject>().Where(one => one.ShareId == made.ShareId && one.Kind == made.Kind && one.Name == made.Name);
}
