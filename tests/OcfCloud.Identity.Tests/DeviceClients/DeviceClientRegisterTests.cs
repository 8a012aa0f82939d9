using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.DeviceClients;

public sealed class DeviceClientRegisterTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_key_is_one_clients_and_found_by_its_certificate_until_the_client_goes(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=anything", pair, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var key = DeviceKey.Read(Requests.Of(pair), out _)!;
        var (first, second) = (DeviceClientRegister.NewId(), DeviceClientRegister.NewId());

        Assert.Null(await RegisterOf(room).FindAsync(certificate, Cancellation));
        Assert.True(await RegisterAsync(room, first, key));
        Assert.True(await RegisterAsync(room, first, key));
        Assert.False(await RegisterAsync(room, second, key));
        Assert.Equal(first, await RegisterOf(room).FindAsync(certificate, Cancellation));

        await RemoveAsync(room, first);
        Assert.Null(await RegisterOf(room).FindAsync(certificate, Cancellation));
        Assert.True(await RegisterAsync(room, second, key));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_is_none_of_the_clients_that_an_administrator_sees_and_changes(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = DeviceClientRegister.NewId();
        Assert.True(await RegisterAsync(room, id, DeviceKey.Read(Requests.Of(pair), out _)!));
        var clients = room.Services.GetRequiredService<CloudClients>();

        Assert.Empty(await clients.ListAsync(Cancellation));
        Assert.Null(await clients.FindAsync(id, Cancellation));
        Assert.NotNull((await clients.RemoveAsync(id, Cancellation)).Refusal);
        Assert.NotNull((await clients.RotateSecretAsync(id, Cancellation)).Refusal);
    }

    [Fact]
    public void Client_ids_are_short_and_never_the_same()
    {
        var id = DeviceClientRegister.NewId();

        Assert.StartsWith("cam-", id, StringComparison.Ordinal);
        Assert.InRange(id.Length, 16, 64);
        Assert.NotEqual(id, DeviceClientRegister.NewId());
    }

    private static Task<bool> RegisterAsync(IdentityRoom room, string client, DeviceKey key) => room.Services.GetRequiredService<Store>()
        .WriteAsync((context, token) => RegisterOf(room).RegisterAsync(context, client, key, token), Cancellation);

    private static Task RemoveAsync(IdentityRoom room, string client) => room.Services.GetRequiredService<Store>()
        .WriteAsync((context, token) => RegisterOf(room).RemoveAsync(context, client, token), Cancellation);

    private static DeviceClientRegister RegisterOf(IdentityRoom room) => room.Services.GetRequiredService<DeviceClientRegister>();
}
