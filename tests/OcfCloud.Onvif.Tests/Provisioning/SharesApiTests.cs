using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary><c>/api/v1/cameras/{id}/shares</c> over HTTP, with real tokens.</summary>
public sealed class SharesApiTests
{
    private readonly Guid _camera = Guid.NewGuid();
    private readonly Guid _share = Guid.NewGuid();
    private readonly Guid _token = Guid.NewGuid();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_owner_sees_shares_sends_again_and_takes_back_and_nobody_else_does()
    {
        var folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        await using var app = await StartAsync(folder);
        var (owner, stranger) = (await UserAsync(app, "owner"), await UserAsync(app, "stranger"));
        await AddShareAsync(app, owner);
        using var mine = await ClientAsync(app, owner, "cameras");
        using var others = await ClientAsync(app, stranger, "cameras");
        using var unscoped = await ClientAsync(app, owner, "r:* w:*");
        using var nobody = await ClientAsync(app, owner, null);
        var (list, one) = ($"/api/v1/cameras/{_camera}/shares", $"/api/v1/cameras/{_camera}/shares/{_share}");

        var shown = await mine.GetFromJsonAsync<JsonElement>(one, Ending);
        Assert.Equal(["id", "tokenId", "mode", "state", "reason", "steps"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal((_share, _token, "transfer", "unreachable", "down"), (
            shown.GetProperty("id").GetGuid(), shown.GetProperty("tokenId").GetGuid(), shown.GetProperty("mode").GetString(), shown.GetProperty("state").GetString(), shown.GetProperty("reason").GetString()));
        Assert.Equal(["SetUplink", "GiveUp"], shown.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.Equal(_share, Assert.Single((await mine.GetFromJsonAsync<JsonElement>(list, Ending)).EnumerateArray()).GetProperty("id").GetGuid());

        Assert.Equal(HttpStatusCode.NotFound, (await others.GetAsync(list, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await others.GetAsync(one, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await others.DeleteAsync(one, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await others.PostAsync(one + "/resend", null, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await mine.GetAsync($"/api/v1/cameras/{_camera}/shares/nonsense", Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await unscoped.GetAsync(list, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(list, Ending)).StatusCode);

        Assert.Equal(HttpStatusCode.Accepted, (await mine.PostAsync(one + "/resend", null, Ending)).StatusCode);
        Assert.Equal("notifying", (await mine.GetFromJsonAsync<JsonElement>(one, Ending)).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await mine.PostAsync(one + "/resend", null, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await mine.DeleteAsync(one, Ending)).StatusCode);
        Assert.Equal("unsharing", (await mine.GetFromJsonAsync<JsonElement>(one, Ending)).GetProperty("state").GetString());

        await app.Services.GetRequiredService<Store>().WriteAsync(
            (context, token) => context.Set<Share>().ExecuteUpdateAsync(row => row.SetProperty(share => share.State, ShareState.Transferred), token), Ending);
        Assert.Equal(HttpStatusCode.Conflict, (await mine.DeleteAsync(one, Ending)).StatusCode);
    }

    private static async Task<WebApplication> StartAsync(string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Services.AddRouting();
        builder.Services.AddCloudCore();
        builder.Services.AddSqliteStore(folder);
        builder.Services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.test:8443", new KeyRingOptions { Folder = folder });
        builder.Services.AddQuickPasswords();
        builder.Services.AddCloudBearerChecks(_ => { }, _ => { });
        builder.Services.AddOnvif(_ => { });
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        SharesApi.Map(app);
        await app.Services.MigrateStoreAsync(Ending);
        await app.StartAsync(Ending);
        return app;
    }

    private static async Task<UserId> UserAsync(WebApplication app, string name) =>
        new((await app.Services.GetRequiredService<UserAccounts>().AddAsync(name, password: null, administrator: false, Ending)).User!.Id);

    private static async Task<HttpClient> ClientAsync(WebApplication app, UserId user, string? scopes)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        if (scopes is null) return client;
        Assert.True(ScopeSet.TryParse(scopes, out var scope));
        var token = await app.Services.GetRequiredService<AccessTokens>().IssueAsync(user, "somebody", "test", scope, null, Ending);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }

    private Task AddShareAsync(WebApplication app, UserId owner) => app.Services.GetRequiredService<Store>().WriteAsync(
        (context, _) =>
        {
            var now = DateTimeOffset.UtcNow;
            context.Add(new Camera { Id = _camera, UserId = owner, ClientId = "c", State = CameraState.Active, CreatedAt = now });
            context.Add(new Share
            {
                Id = _share,
                CameraId = _camera,
                UserId = owner,
                TokenId = _token,
                Mode = ShareMode.Transfer,
                State = ShareState.Unreachable,
                Reason = "down",
                Configuration = "{}",
                ServerAuthority = "o:443",
                CreatedAt = now,
                DeadlineAt = now,
            });
            context.Add(new ShareStep { ShareId = _share, Number = 1, Name = "SetUplink", At = now });
            context.Add(new ShareStep { ShareId = _share, Number = 2, Name = "GiveUp", At = now });
            return Task.CompletedTask;
        },
        Ending);
}
