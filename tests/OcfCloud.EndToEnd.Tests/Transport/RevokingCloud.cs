using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>A cloud that looks at a folder of revocation lists every second.</summary>
public sealed class RevokingCloud() : CloudFixture("Devices:TwinSpread=1.00:00:00", "Certificates:ReloadInterval=00:00:01")
{
    private readonly TemporaryFolder _lists = new();

    internal string ListFile(string name) => _lists.File(name);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _lists.Dispose();
    }

    private protected override bool HasProcess => true;

    private protected override IEnumerable<string> MoreSettings() => [$"Devices:RevocationLists:0={_lists.Path}"];
}
