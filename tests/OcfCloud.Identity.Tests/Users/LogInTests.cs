using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Users;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.Users;

/// <summary>Right and wrong passwords, one after another and all at once.</summary>
public sealed class LogInTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private const string Right = "correct horse";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Right_passwords_that_come_at_once_are_all_taken(StoreProvider provider)
    {
        await using var room = await OpenAsync(provider);
        var logIn = room.Services.GetRequiredService<LogIn>();

        var users = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => logIn.CheckAsync("alice", Right, Cancellation), Cancellation)));

        Assert.All(users, Assert.NotNull);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_guesses_that_come_at_once_ten_are_answered(StoreProvider provider)
    {
        await using var room = await OpenAsync(provider);
        var logIn = room.Services.GetRequiredService<LogIn>();

        var guesses = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => Task.Run(() => logIn.CheckAsync("alice", $"guess {number}", Cancellation), Cancellation)));

        Assert.All(guesses, Assert.Null);
        Assert.Null(await logIn.CheckAsync("alice", Right, Cancellation));
        var alice = (await room.Users.FindAsync("alice", Cancellation))!;
        Assert.NotNull(alice.LockoutEnd);
        Assert.Equal(0, alice.AccessFailedCount);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Nine_wrong_ones_and_a_right_one_begin_anew_and_ten_lock_for_five_minutes(StoreProvider provider)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var room = await OpenAsync(provider, time);
        var logIn = room.Services.GetRequiredService<LogIn>();
        async Task GuessAsync(int times)
        {
            for (var guess = 0; guess < times; guess++) Assert.Null(await logIn.CheckAsync("alice", "wrong password", Cancellation));
        }

        await GuessAsync(9);
        Assert.NotNull(await logIn.CheckAsync("alice", Right, Cancellation));
        await GuessAsync(10);
        Assert.Null(await logIn.CheckAsync("alice", Right, Cancellation));
        Assert.NotNull(await logIn.CheckAsync("bob", Right, Cancellation));

        // What comes while it is locked neither counts nor makes it longer.
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await GuessAsync(12);
        time.Advance(TimeSpan.FromSeconds(1));
        await GuessAsync(9);
        Assert.NotNull(await logIn.CheckAsync("alice", Right, Cancellation));
    }

    // The hash is the same for all by LogIn's one call; the write is what can be looked at.
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Every_attempt_costs_one_write_whether_or_not_there_is_such_an_account(StoreProvider provider)
    {
        await using var room = await OpenAsync(provider);
        await room.Users.AddAsync("external", password: null, administrator: false, Cancellation);
        await room.Users.AddAsync("locked", Right, administrator: false, Cancellation);
        var logIn = room.Services.GetRequiredService<LogIn>();
        for (var guess = 0; guess < 10; guess++) await logIn.CheckAsync("locked", "wrong password", Cancellation);

        foreach (var (name, password) in new[] { ("alice", "wrong password"), ("alice", Right), ("nobody", Right), ("", Right), ("external", Right), ("locked", "wrong password"), ("locked", Right) })
        {
            var before = await RowsAsync(room);
            await logIn.CheckAsync(name, password, Cancellation);
            Assert.True(before.Zip(await RowsAsync(room)).Count(row => row.First != row.Second) == 1, $"{name}, {password}");
        }

        // Whose row stood in for nobody's is as free as before.
        Assert.NotNull(await logIn.CheckAsync("alice", Right, Cancellation));
        Assert.NotNull(await logIn.CheckAsync("bob", Right, Cancellation));
        Assert.Equal([("alice", 0), ("bob", 0), ("external", 0), ("locked", 0)], (await room.Users.ListAsync(Cancellation)).Select(user => (user.UserName!, user.AccessFailedCount)));
    }

    // A column that changes with every attempt: what is written again as it was, SQLite does not write.
    private static async Task<List<string>> RowsAsync(IdentityRoom room) =>
        [.. (await room.Users.ListAsync(Cancellation)).Select(user => $"{user.UserName} {user.LockoutEnabled} {user.AccessFailedCount} {user.LockoutEnd}")];

    private async Task<IdentityRoom> OpenAsync(StoreProvider provider, FakeTimeProvider? time = null)
    {
        var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql, time);
        await room.Users.AddAsync("alice", Right, administrator: false, Cancellation);
        await room.Users.AddAsync("bob", Right, administrator: false, Cancellation);
        return room;
    }
}
