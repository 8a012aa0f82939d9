using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.Users;

public sealed class UserAccountsTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private const string GoodPassword = "correct horse";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_that_was_added_is_found_by_name_and_id(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);

        var added = await room.Users.AddAsync("alice", GoodPassword, administrator: true, Cancellation);

        Assert.Null(added.Refusal);
        Assert.Equal(added.User!.Id, (await room.Users.FindAsync("alice", Cancellation))!.Id);
        var found = (await room.Users.FindAsync(new UserId(added.User.Id), Cancellation))!;
        Assert.True(found.IsAdministrator);
        Assert.Equal(added.User.CreatedAt, found.CreatedAt);
        Assert.Null(await room.Users.FindAsync("Alice", Cancellation));
        Assert.Equal(["alice"], (await room.Users.ListAsync(Cancellation)).Select(user => user.UserName));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_who_take_a_name_at_once_one_gets_it(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);

        var changes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => room.Users.AddAsync("alice", password: null, administrator: false, Cancellation)));

        Assert.Single(changes, change => change.User is not null);
        Assert.All(changes.Where(change => change.User is null), change => Assert.Equal("There is a user \"alice\" already.", change.Refusal));
        var ensured = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => room.Users.EnsureAsync("bob", Cancellation)));
        Assert.Single(ensured.Select(user => user!.Id).Distinct());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" alice")]
    [InlineData("ali\nce")]
    public async Task Names_that_are_none_are_refused(string name)
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);

        Assert.NotNull((await room.Users.AddAsync(name, GoodPassword, administrator: false, Cancellation)).Refusal);
        Assert.Null(await room.Users.EnsureAsync(name, Cancellation));
        Assert.False(await room.Users.AnyAsync(Cancellation));
    }

    // Attributes cannot carry half a surrogate pair: they are written as UTF-8.
    [Fact]
    public async Task A_name_that_is_no_text_is_refused() => await Names_that_are_none_are_refused("ali\ud800ce");

    [Fact]
    public async Task A_short_password_and_a_long_name_are_refused()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);

        Assert.NotNull((await room.Users.AddAsync("alice", "1234567", administrator: false, Cancellation)).Refusal);
        Assert.NotNull((await room.Users.AddAsync(new string('a', 129), GoodPassword, administrator: false, Cancellation)).Refusal);
        Assert.Null((await room.Users.AddAsync(new string('a', 128), "12345678", administrator: false, Cancellation)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_changed_password_replaces_the_old_one(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        await room.Users.AddAsync("alice", GoodPassword, administrator: false, Cancellation);

        Assert.NotNull((await room.Users.SetPasswordAsync("alice", "short", Cancellation)).Refusal);
        Assert.True(await AcceptsAsync(room, "alice", GoodPassword));
        Assert.Null((await room.Users.SetPasswordAsync("alice", "battery staple", Cancellation)).Refusal);

        Assert.False(await AcceptsAsync(room, "alice", GoodPassword));
        Assert.True(await AcceptsAsync(room, "alice", "battery staple"));
        Assert.DoesNotContain("battery", (await room.Users.FindAsync("alice", Cancellation))!.PasswordHash, StringComparison.Ordinal);
        Assert.Equal("There is no user \"bob\".", (await room.Users.SetPasswordAsync("bob", GoodPassword, Cancellation)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_removed_user_leaves_nothing_and_the_name_is_free(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var first = (await room.Users.AddAsync("alice", GoodPassword, administrator: false, Cancellation)).User!;

        Assert.Null((await room.Users.RemoveAsync("alice", Cancellation)).Refusal);

        Assert.Null(await room.Users.FindAsync("alice", Cancellation));
        Assert.Null(await room.Services.GetRequiredService<OneTimeTokens>().IssueAsync(new UserId(first.Id), null, Cancellation));
        Assert.Equal("There is no user \"alice\".", (await room.Users.RemoveAsync("alice", Cancellation)).Refusal);
        var second = (await room.Users.AddAsync("alice", GoodPassword, administrator: false, Cancellation)).User!;
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotNull(await room.Services.GetRequiredService<OneTimeTokens>().IssueAsync(new UserId(second.Id), null, Cancellation));
    }

    [Fact]
    public void Passwords_that_are_made_are_long_and_differ()
    {
        var made = Enumerable.Range(0, 100).Select(_ => Password.Make()).ToArray();

        Assert.All(made, password => Assert.Equal(20, password.Length));
        Assert.Equal(100, made.Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<bool> AcceptsAsync(IdentityRoom room, string name, string password)
    {
        await using var scope = room.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        return await manager.CheckPasswordAsync((await manager.FindByNameAsync(name))!, password);
    }
}
