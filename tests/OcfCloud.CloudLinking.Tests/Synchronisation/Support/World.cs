using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>A node of this cloud and a target, with one clock.</summary>
internal sealed class World(OriginCloud origin, TargetCloud target) : IAsyncDisposable
{
    public OriginCloud Origin => origin;

    public TargetCloud Target => target;

    public static async Task<World> StartAsync(
        SyncStores stores, StoreProvider provider, bool works = true, Action<CloudLinkingOptions>? configure = null, SyncClock? clock = null)
    {
        clock ??= new SyncClock();
        var target = await TargetCloud.StartAsync(clock);
        return new World(await OriginCloud.StartAsync(await stores.OnAsync(provider), clock, works, configure), target);
    }

    public void Deconstruct(out OriginCloud theOrigin, out TargetCloud theTarget) => (theOrigin, theTarget) = (origin, target);

    public async ValueTask DisposeAsync()
    {
        await origin.DisposeAsync();
        await target.DisposeAsync();
    }
}
