using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Tests.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Enrolment;

public sealed class CameraRemovalTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task With_a_camera_goes_all_that_hangs_on_it_and_nothing_of_another(StoreProvider provider)
    {
        await using var host = await OnvifHost.StartAsync(provider, postgreSql);
        var user = await host.AddUserAsync("anna");
        using var owner = host.As(await host.TokenAsync(user));
        using var going = CameraIdentity.Make();
        using var staying = CameraIdentity.Make();
        var (gone, stays) = (await AddAsync(host, user, owner, going), await AddAsync(host, user, owner, staying));
        using var goneCertificate = going.Certificate();
        using var staysCertificate = staying.Certificate();

        Assert.True(await host.Service<CameraRegister>().RemoveAsync(gone, user, Cancellation));

        await AssertRowsAsync(host, 1);
        Assert.Null(await host.Service<DeviceClientRegister>().FindAsync(goneCertificate, Cancellation));
        Assert.NotNull(await host.Service<DeviceClientRegister>().FindAsync(staysCertificate, Cancellation));
        Assert.False(await host.Service<CameraRegister>().RemoveAsync(gone, user, Cancellation));
        Assert.NotNull(await host.Service<CameraRegister>().FindAsync(stays, user, Cancellation));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task With_a_user_go_the_cameras_and_nobody_elses(StoreProvider provider)
    {
        await using var host = await OnvifHost.StartAsync(provider, postgreSql);
        var (anna, bert) = (await host.AddUserAsync("anna"), await host.AddUserAsync("bert"));
        using var annas = host.As(await host.TokenAsync(anna));
        using var berts = host.As(await host.TokenAsync(bert));
        using var first = CameraIdentity.Make();
        using var second = CameraIdentity.Make();
        await AddAsync(host, anna, annas, first);
        await AddAsync(host, bert, berts, second);
        using var certificate = first.Certificate();

        Assert.Null((await host.Service<UserAccounts>().RemoveAsync("anna", Cancellation)).Refusal);

        await AssertRowsAsync(host, 1);
        Assert.Null(await host.Service<DeviceClientRegister>().FindAsync(certificate, Cancellation));
        Assert.Single(await host.Service<CameraRegister>().ListAsync(bert, Cancellation));
        Assert.Empty(await host.Service<CameraRegister>().ListAsync(anna, Cancellation));

        // Nothing is made for a user who is gone.
        using var third = CameraIdentity.Make();
        Assert.True((await host.Service<CameraRegister>().EnrolAsync(anna, third.Request, Cancellation)).IsConflict);
    }

    private static async Task<Guid> AddAsync(OnvifHost host, UserId user, HttpClient owner, CameraIdentity identity)
    {
        var client = await identity.EnrolAsync(owner);
        var camera = Assert.Single(await owner.GetFromJsonAsync<JsonElement[]>("/api/v1/cameras", Cancellation) ?? [], row => row.GetProperty("clientId").GetString() == client)
            .GetProperty("id").GetGuid();
        var (token, share) = (Guid.NewGuid(), Guid.NewGuid());
        await host.Store.WriteAsync(
            (context, _) =>
            {
                context.Add(new CameraUplink { CameraId = camera, Kind = UplinkKind.Https, Since = host.Time.GetUtcNow() });
                context.Add(new ShareToken { Id = token, CameraId = camera, UserId = user, TokenHash = token.ToByteArray(), CreatedAt = host.Time.GetUtcNow(), ExpiresAt = host.Time.GetUtcNow() });
                context.Add(NewShare(share, token, camera, user, host.Time.GetUtcNow()));
                context.Add(new ShareStep { ShareId = share, Number = 1, Name = "SetUplink", At = host.Time.GetUtcNow() });
                context.Add(NewIncoming(camera, user, host.Time.GetUtcNow()));
                return Task.CompletedTask;
            },
            Cancellation);
        return camera;
    }

    private static async Task AssertRowsAsync(OnvifHost host, int count)
    {
        var counts = await host.Store.ReadAsync(
            async (context, token) => new[]
            {
                await context.Set<Camera>().CountAsync(token),
                await context.Set<CameraUplink>().CountAsync(token),
                await context.Set<ShareToken>().CountAsync(token),
                await context.Set<Share>().CountAsync(token),
                await context.Set<ShareStep>().CountAsync(token),
                await context.Set<IncomingShare>().CountAsync(token),
            },
            Cancellation);
        Assert.All(counts, found => Assert.Equal(count, found));
    }

    private static IncomingShare NewIncoming(Guid camera, UserId user, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        UserId = user,
        State = IncomingShareState.Connected,
        Xaddr = "https://other.test/onvif/cloud",
        Manufacturer = "Acme",
        Model = "AC-2000",
        SerialNumber = "1",
        Token = [1],
        TokenHash = Guid.NewGuid().ToByteArray(),
        Nonce = [1],
        NonceHash = Guid.NewGuid().ToByteArray(),
        ClientId = DeviceClientRegister.NewId(),
        CameraId = camera,
        CreatedAt = now,
        DeadlineAt = now,
    };

    private static Share NewShare(Guid id, Guid token, Guid camera, UserId user, DateTimeOffset now) => new()
    {
        Id = id,
        TokenId = token,
        CameraId = camera,
        UserId = user,
        Configuration = "{}",
        ServerAuthority = "other.test:443",
        CreatedAt = now,
        DeadlineAt = now,
    };
}
