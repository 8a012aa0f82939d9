using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Storage;

/// <summary>Questions that stay prepared.</summary>
public sealed class PreparedQueryTests(Stores stores) : StoreTests(stores)
{
    private const string Text = """SELECT "UserId", "TwinEnabled" FROM devices WHERE "Id" = @device""";

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Each_answer_is_of_its_own_question_however_many_are_asked_at_once(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var devices = new[] { await node.RegisterAsync(), await node.RegisterAsync(), await node.RegisterAsync() };
        using var query = node.Store.Prepare(Text, "@device");

        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Task.Run(async () =>
        {
            for (var i = n; i < n + 20; i++)
            {
                var device = devices[i % 3];
                Assert.Equal(device.User.Value, (await AskAsync(node, query, device.Id.Value))!.User);
                Assert.Null(await AskAsync(node, query, Guid.NewGuid()));
            }
        }, Ending)));
    }

    [Fact]
    public async Task More_than_are_kept_may_be_asked_at_the_same_time()
    {
        const int Askers = 12;
        var node = await Stores.OnAsync(StoreProvider.Sqlite);
        var device = await node.RegisterAsync();
        using var query = node.Store.Prepare(Text, "@device");
        using var all = new Barrier(Askers);
        for (var round = 0; round < 2; round++)
        {
            // SQLite answers on the thread that asks.
            var users = await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Factory.StartNew(
                () => node.Store.AskAsync(query, [device.Id.Value], row => all.SignalAndWait(TimeSpan.FromSeconds(20)) ? Row.Of(row) : throw new TimeoutException(), Ending),
                Ending,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()));
            Assert.All(users, row => Assert.Equal(device.User.Value, row!.User));
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_was_written_meanwhile_is_seen(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        using var query = node.Store.Prepare(Text, "@device");
        Assert.True((await AskAsync(node, query, device.Id.Value))!.TwinEnabled);

        await node.Accounts.RemoveAsync(device.Id, device.User, Ending);

        Assert.Null(await AskAsync(node, query, device.Id.Value));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task One_that_failed_or_was_given_up_harms_no_later_one(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        using var query = node.Store.Prepare(Text, "@device");
        await AskAsync(node, query, device.Id.Value);

        await Assert.ThrowsAsync<InvalidDataException>(() => node.Store.AskAsync<Row>(query, [device.Id.Value], _ => throw new InvalidDataException(), Ending));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Store.AskAsync(query, [device.Id.Value], Row.Of, new CancellationToken(canceled: true)));

        Assert.Equal(device.User.Value, (await AskAsync(node, query, device.Id.Value))!.User);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_question_that_the_database_does_not_understand_is_no_trouble_of_the_store(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        using var query = node.Store.Prepare("SELECT nothing FROM nowhere");
        Assert.IsNotType<StoreUnavailableException>(await Record.ExceptionAsync(() => node.Store.AskAsync(query, [], Row.Of, Ending)));
    }

    private static Task<Row?> AskAsync(CloudNode node, PreparedQuery query, Guid device) => node.Store.AskAsync(query, [device], Row.Of, Ending);

    private sealed record Row(Guid User, bool TwinEnabled)
    {
        public static Row Of(System.Data.Common.DbDataReader row) => new(row.GetGuid(0), row.GetBoolean(1));
    }
}
