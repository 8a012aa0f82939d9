using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>The records of what shares use on cameras.</summary>
internal static class CameraObjects
{
    /// <summary>What other shares of a camera use there.</summary>
    public static Task<List<CameraObject>> OfOthersAsync(Store store, Share share, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => (from made in context.Set<CameraObject>()
                             join other in context.Set<Share>() on made.ShareId equals other.Id
                             where other.CameraId == share.CameraId && other.Id != share.Id && made.Handle != null
                             select made).ToListAsync(token),
        cancellationToken);

    /// <summary>Makes another share the one that takes something back.</summary>
    public static Task GiveAsync(CloudDbContext context, CameraObject other, CancellationToken cancellationToken) =>
        Of(context, other).ExecuteUpdateAsync(row => row.SetProperty(one => one.IsOurs, true), cancellationToken);

    public static Task RemoveAsync(CloudDbContext context, CameraObject made, CancellationToken cancellationToken) => Of(context, made).ExecuteDeleteAsync(cancellationToken);

    private static IQueryable<CameraObject> Of(CloudDbContext context, CameraObject made) =>
        context.Set<CameraObject>().Where(one => one.ShareId == made.ShareId && one.Kind == made.Kind && one.Name == made.Name);
}
