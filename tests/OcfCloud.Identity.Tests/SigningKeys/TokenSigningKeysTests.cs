using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.SigningKeys;

public sealed class TokenSigningKeysTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Another_process_on_the_store_signs_with_the_same_key(StoreProvider provider)
    {
        string? connection = null;
        if (provider == StoreProvider.PostgreSql)
        {
            postgreSql.Require();
            connection = await postgreSql.CreateMigratedDatabaseAsync();
        }

        await using var first = await OpenAsync(connection);
        var made = await KeysOf(first).CurrentAsync(Cancellation);
        await using var second = await OpenAsync(connection);

        Assert.Equal(made.Key.KeyId, (await KeysOf(second).CurrentAsync(Cancellation)).Key.KeyId);
    }

    [Fact]
    public async Task A_key_lies_encrypted_in_the_store()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);
        await KeysOf(room).CurrentAsync(Cancellation);

        var row = await room.Services.GetRequiredService<Store>().ReadAsync((context, token) => context.Set<SigningKey>().SingleAsync(token), Cancellation);

        using var key = ECDsa.Create();
        Assert.Throws<CryptographicException>(() => key.ImportPkcs8PrivateKey(row.ProtectedKey, out _));
    }

    [Fact]
    public async Task A_key_that_has_signed_for_its_lifetime_is_followed_by_another_and_verifies_as_long_again()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path, _time);
        var keys = KeysOf(room);
        var first = (await keys.CurrentAsync(Cancellation)).Key.KeyId;

        _time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(first, (await keys.CurrentAsync(Cancellation)).Key.KeyId);

        _time.Advance(TimeSpan.FromSeconds(2));
        var second = (await keys.CurrentAsync(Cancellation)).Key.KeyId;
        Assert.NotEqual(first, second);
        Assert.Single(keys.Known(first));

        _time.Advance(Lifetime);
        Assert.Empty(keys.Known(first));
        Assert.Single(keys.Known(second));
        await keys.CurrentAsync(Cancellation);
        Assert.Equal(2, await room.Services.GetRequiredService<Store>().ReadAsync((context, token) => context.Set<SigningKey>().CountAsync(token), Cancellation));
    }

    [Fact]
    public async Task A_key_that_another_process_made_is_known_once_a_token_names_it()
    {
        await using var signer = await IdentityRoom.OnSqliteAsync(_folder.Path);
        await using var checker = await IdentityRoom.OnSqliteAsync(_folder.Path);
        var made = (await KeysOf(signer).CurrentAsync(Cancellation)).Key.KeyId;

        Assert.Empty(KeysOf(checker).Known(made));
        await KeysOf(checker).PrepareAsync(made, Cancellation);

        Assert.Single(KeysOf(checker).Known(made));
    }

    [Fact]
    public async Task Without_the_key_ring_that_protected_it_a_key_is_replaced()
    {
        await using var first = await IdentityRoom.OnSqliteAsync(_folder.Path);
        var lost = (await KeysOf(first).CurrentAsync(Cancellation)).Key.KeyId;
        Directory.Delete(_folder["keys"], recursive: true);

        await using var second = await IdentityRoom.OnSqliteAsync(_folder.Path);

        Assert.NotEqual(lost, (await KeysOf(second).CurrentAsync(Cancellation)).Key.KeyId);
    }

    private static TokenSigningKeys KeysOf(IdentityRoom room) => room.Services.GetRequiredService<TokenSigningKeys>();

    private Task<IdentityRoom> OpenAsync(string? connection) => connection is null
        ? IdentityRoom.OnSqliteAsync(_folder.Path)
        : IdentityRoom.OnPostgreSqlAsync(connection, _folder.Path);
}
