namespace OcfCloud.Core.Tests.Support;

/// <summary>Tests that run on a store: one file and one database a class.</summary>
public abstract class StoreTests(Stores stores) : IClassFixture<Stores>
{
    /// <summary>The stores.</summary>
    protected Stores Stores => stores;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Ending => TestContext.Current.CancellationToken;
}
