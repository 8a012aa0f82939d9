using OcfCloud.EndToEnd.Cameras;
using OcfCloud.EndToEnd.Endurance;
using OcfCloud.EndToEnd.Endurance.Storms;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Readme;
using Xunit.Sdk;
using Xunit.v3;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>The classes that take the longest begin first: one that began last would run alone at the end, on a machine that waits for it.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        .. new[]
        {
            typeof(ReadmeTests), typeof(CrowdTests), typeof(StormTests), typeof(KillTests), typeof(KilledSenderTests), typeof(StopTests), typeof(MigrationKillTests), typeof(SharingTests),
            typeof(SubscriptionFlowsOnPostgreSql),
        }.Select(type => type.FullName!),
        nameof(KilledCloud), nameof(EventfulCloudOnSqlite),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(RankOf)];

    // "Test collection for …" and the class's name, or the name of the collection.
    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var rank = Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
