using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.KeyRing;

public sealed class StoreKeyRingTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_ring_in_the_store_is_wrapped_by_the_certificate()
    {
        postgreSql.Require();
        var connection = await postgreSql.CreateMigratedDatabaseAsync();
        using var certificate = SelfSigned();
        await using var first = await IdentityRoom.OnPostgreSqlAsync(connection, _folder.Path, new KeyRingOptions { Certificate = certificate });
        var key = await CurrentAsync(first);

        var xml = await first.Services.GetRequiredService<Store>().ReadAsync((context, token) => context.Set<KeyRingElement>().Select(element => element.Xml).SingleAsync(token), Cancellation);
        Assert.Contains("EncryptedData", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal);

        await using var sameCertificate = await IdentityRoom.OnPostgreSqlAsync(connection, _folder.Path, new KeyRingOptions { Certificate = certificate });
        Assert.Equal(key, await CurrentAsync(sameCertificate));
        using var other = SelfSigned();
        await using var otherCertificate = await IdentityRoom.OnPostgreSqlAsync(connection, _folder.Path, new KeyRingOptions { Certificate = other });
        Assert.NotEqual(key, await CurrentAsync(otherCertificate));
    }

    [Fact]
    public async Task A_ring_in_a_folder_is_for_its_owner_alone()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);
        await CurrentAsync(room);

        var file = Assert.Single(Directory.GetFiles(_folder["keys"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private static async Task<string> CurrentAsync(IdentityRoom room) =>
        (await room.Services.GetRequiredService<TokenSigningKeys>().CurrentAsync(Cancellation)).Key.KeyId;

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
