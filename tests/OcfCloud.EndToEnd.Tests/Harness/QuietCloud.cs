namespace OcfCloud.EndToEnd.Harness;

/// <summary>
/// A cloud that asks devices nothing by itself while a test runs: what reaches a device comes from the test. All classes have the same one, at the same time,
/// and each has users of its own: who stops it, or changes what is not a user's, takes another.
/// </summary>
public sealed class QuietCloud(SharedPrograms shared) : CloudFixture
{
    private static int _classes;

    private readonly int _class = Interlocked.Increment(ref _classes);

    private protected override Task<Cloud> OpenAsync() => shared.QuietCloudAsync();

    private protected override ValueTask CloseAsync(Cloud cloud) => ValueTask.CompletedTask;

    private protected override Task<CloudUser> FirstUserAsync(Cloud cloud) => cloud.AddUserAsync(NameOf("alice"));

    private protected override string NameOf(string name) => $"{name}-{_class}";
}
