namespace OcfCloud.CloudApi.Tests;

/// <summary>One host for the cases of a class that keep to users of their own and do not move the clock.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    internal CloudApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await CloudApiHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
