using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.CloudLinking.Tests.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.LinkedClouds;

/// <summary>The administrator's work on linked clouds.</summary>
public sealed class LinkedCloudRegisterTests(PostgreSqlFixture postgreSql) : IAsyncLifetime
{
    private OriginNode _node = null!;
    private TestTarget _target = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private LinkedCloudRegister Register => _node.Get<LinkedCloudRegister>();

    public async ValueTask InitializeAsync()
    {
        _node = await OriginNode.OnSqliteAsync(options => (options.RequestTimeout, options.TokenTimeout) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
        _target = await TestTarget.StartAsync();
        _target.Metadata = path => path == "/.well-known/openid-configuration" ? _target.GoodMetadata() : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task A_cloud_is_added_by_what_its_metadata_says()
    {
        var added = await AddAsync();

        Assert.Null(added.Refusal);
        Assert.All(added.Findings, finding => Assert.True(finding.IsGood, finding.Words));
        Assert.Equal(["metadata", "TLS", "API"], added.Findings.Select(finding => finding.Subject));
        var cloud = await _node.Get<LinkedCloudStore>().FindAsync("other", Ending);
        Assert.Equal(
            (_target.Url, $"{_target.Url}/authorize", $"{_target.Url}/token", $"{_target.Url}/revoke", _target.Url, true, "r:* w:* offline_access"),
            (cloud!.Url, cloud.AuthorizationEndpoint, cloud.TokenEndpoint, cloud.RevocationEndpoint, cloud.Issuer, cloud.SendsIssuer, cloud.Scope));
        Assert.Equal(NamedUuid.OfUrl(_target.Url), cloud.CloudId);
        Assert.Equal("s3cret", _node.Get<SealedSecrets>().TryOpen(SecretPurpose.ClientSecret, cloud.ClientSecret));
        Assert.Equal("https://origin.example/linked-clouds/other/callback", Register.RedirectUriOf("other"));
    }

    [Fact]
    public async Task Offline_access_is_left_out_where_the_cloud_has_no_such_scope_unless_it_is_asked_for()
    {
        _target.Metadata = _ => _target.GoodMetadata(null, ("scopes_supported", """["r:*", "w:*"]"""));

        Assert.Equal("r:* w:*", (await AddAsync()).Cloud!.Scope);
        Assert.Equal("r:* offline_access", (await AddAsync(registration => registration with { Name = "more", Scope = "r:* offline_access" })).Cloud!.Scope);
    }

    [Theory]
    [InlineData("", "/.well-known/oauth-authorization-server")]
    [InlineData("/base", "/base/.well-known/openid-configuration")]
    [InlineData("/base", "/base/.well-known/oauth-authorization-server")]
    [InlineData("/base", "/.well-known/oauth-authorization-server/base")]
    [InlineData("/base/", "/.well-known/openid-configuration/base")]
    public async Task The_metadata_document_is_looked_for_where_it_may_be(string path, string place)
    {
        _target.Metadata = asked => asked == place ? _target.GoodMetadata(_target.Url + path) : null;

        var added = await AddAsync(registration => registration with { Url = _target.Url + path });

        Assert.Equal((null, _target.Url + path.TrimEnd('/')), (added.Refusal, added.Cloud?.Url));
    }

    [Theory]
    [InlineData("issuer", "\"https://other.example\"", "another issuer")]
    [InlineData("issuer", null, "no issuer")]
    [InlineData("issuer", "7", "no issuer")]
    [InlineData("token_endpoint", null, "token_endpoint")]
    [InlineData("token_endpoint", "\"http://localhost/token\"", "token_endpoint")]
    [InlineData("token_endpoint", "[\"https://localhost/token\"]", "token_endpoint")]
    [InlineData("token_endpoint", "\"https://127.0.0.1:1/token\"", "OcfCloud:Outbound:AllowedNetworks")]
    [InlineData("authorization_endpoint", "\"javascript:alert(1)\"", "authorization_endpoint")]
    [InlineData("revocation_endpoint", "\"/revoke\"", "revocation_endpoint")]
    [InlineData("authorization_endpoint", "\"https://localhost/ärger\"", "authorization_endpoint")]
    [InlineData("authorization_endpoint", "\"https://bücher.example/authorize\"", "authorization_endpoint")]
    [InlineData("authorization_endpoint", "\"https://localhost/a\\nSet-Cookie: a=b\"", "authorization_endpoint")]
    [InlineData("authorization_endpoint", "\"https://localhost/a\\n\"", "authorization_endpoint")]
    [InlineData("scopes_supported", "\"r:*\"", "scopes_supported")]
    [InlineData("authorization_response_iss_parameter_supported", "\"yes\"", "iss_parameter")]
    public async Task Metadata_that_is_wrong_is_refused_in_words(string member, string? json, string words)
    {
        _target.Metadata = _ => _target.GoodMetadata(null, (member, json));

        var added = await AddAsync();

        Assert.Null(added.Cloud);
        Assert.Contains(words, added.Refusal, StringComparison.Ordinal);
        Assert.Empty(await _node.Get<LinkedCloudStore>().ListAsync(Ending));
    }

    [Fact]
    public async Task A_cloud_without_metadata_is_added_by_endpoints_that_are_given()
    {
        _target.Metadata = null;
        Assert.Contains("status 404", (await AddAsync()).Refusal, StringComparison.Ordinal);

        var added = await AddAsync(registration => registration with
        {
            AuthorizationEndpoint = "https://auth.example/authorize",
            TokenEndpoint = _target.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal) + "/token",
        });

        Assert.Equal((null, null, "https://auth.example/authorize", null), (added.Refusal, added.Cloud!.Issuer, added.Cloud.AuthorizationEndpoint, added.Cloud.RevocationEndpoint));
        Assert.NotNull((await _node.Tokens.RefreshAsync(added.Cloud, "refresh-1", Ending)).Tokens);
    }

    [Theory]
    [InlineData("uuid:22222222-2222-4222-8222-222222222222")]
    [InlineData("22222222-2222-4222-8222-222222222222")]
    public async Task The_clouds_UUID_is_the_one_of_its_certificate_unless_one_is_given(string commonName)
    {
        using var authority = new TestAuthority();
        await using var target = await TestTarget.StartAsync(authority.Issue(commonName), authority);
        target.Metadata = _ => target.GoodMetadata();

        var read = await AddAsync(registration => registration with { Url = target.Url, TrustAnchors = target.Anchors });
        var given = await AddAsync(registration => registration with { Name = "given", Url = target.Url, TrustAnchors = target.Anchors, CloudId = new Guid("33333333-3333-4333-8333-333333333333") });

        Assert.Equal(new Guid("22222222-2222-4222-8222-222222222222"), read.Cloud!.CloudId);
        Assert.Equal(new Guid("33333333-3333-4333-8333-333333333333"), given.Cloud!.CloudId);
    }

    [Fact]
    public async Task A_cloud_with_our_UUID_is_refused() =>
        Assert.Contains("not linked with itself", (await AddAsync(registration => registration with { CloudId = new Guid("11111111-1111-4111-8111-111111111111") })).Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task A_cloud_that_is_not_trusted_or_not_there_is_refused()
    {
        using var other = new TestAuthority();
        Assert.Contains("--trust", (await AddAsync(registration => registration with { TrustAnchors = other.Pem })).Refusal, StringComparison.Ordinal);

        await _target.StopAsync();
        Assert.Equal("The other cloud takes no connection.", (await AddAsync()).Refusal);
    }

    [Fact]
    public async Task A_registration_that_makes_no_sense_is_refused_before_anybody_is_asked()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        foreach (var wrong in new Func<CloudRegistration, CloudRegistration>[]
        {
            r => r with { Name = "" }, r => r with { Name = "Big" }, r => r with { Name = "a/b" }, r => r with { Name = new string('a', 65) },
            r => r with { Url = "http://localhost" }, r => r with { Url = "https://a:b@localhost" }, r => r with { Url = "https://localhost/?a" }, r => r with { Url = "localhost" }, r => r with { Url = "https://bücher.example" }, r => r with { Url = "https://localhost/ü" },
            r => r with { AuthorizationEndpoint = "https://localhost/ü", TokenEndpoint = "https://localhost/token" },
            r => r with { ClientId = "" }, r => r with { ClientSecret = "a\nb" }, r => r with { Scope = "a  b" }, r => r with { TrustAnchors = "nothing" },
            r => r with { ClientCertificate = "nothing" }, r => r with { ClientCertificate = certificate.ExportCertificatePem() }, r => r with { ClientKey = "key" },
            r => r with { TokenEndpoint = "https://localhost/token" }, r => r with { RevocationEndpoint = "https://localhost/revoke" },
            r => r with { AuthorizationEndpoint = "http://localhost/a", TokenEndpoint = "https://localhost/token" },
        })
        {
            var added = await AddAsync(wrong);
            Assert.NotNull(added.Refusal);
            Assert.Empty(added.Findings);
        }

        Assert.Empty(_target.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_private_key_is_kept_encrypted_alone_in_whichever_file_it_stands(bool hasOwnFile)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("special");
        await using var target = await TestTarget.StartAsync(authority: authority, wantsCertificate: true, protocols: HttpProtocols.Http1);
        target.Metadata = _ => target.GoodMetadata();
        var key = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        var both = $"{key}\n{certificate.ExportCertificatePem()}\n{authority.Pem}\n{key}";

        var added = await AddAsync(registration => registration with
        {
            Url = target.Url,
            TrustAnchors = $"{authority.Pem}\n{key}",
            ClientCertificate = both,
            ClientKey = hasOwnFile ? key : null,
        });

        Assert.Null(added.Refusal);
        var row = (await _node.Get<LinkedCloudStore>().FindAsync("other", Ending))!;
        foreach (var kept in typeof(LinkedCloud).GetProperties().Select(column => column.GetValue(row)))
        {
            var text = kept is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : kept?.ToString() ?? "";
            Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
        }

        await _node.GetAsync(await _node.AddAccountAsync(row));
        Assert.Equal("CN=special", target.Calls.Last().ClientCertificate);
        Assert.Equal(2, row.ClientCertificate!.Split("BEGIN CERTIFICATE").Length - 1);
    }

    [Fact]
    public async Task A_name_is_taken_by_one_URL_and_client_id()
    {
        await AddAsync();

        Assert.Equal(
            "There is a linked cloud \"other\" already, at another URL: remove it first.", (await AddAsync(registration => registration with { Url = _target.Url + "/base" })).Refusal);
        Assert.Contains("with another client id", (await AddAsync(registration => registration with { ClientId = "another" })).Refusal, StringComparison.Ordinal);
        Assert.Equal((_target.Url, "client"), (await _node.Get<LinkedCloudStore>().FindAsync("other", Ending)) is { } kept ? (kept.Url, kept.ClientId) : default);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_cloud_that_is_added_again_is_changed_and_keeps_its_accounts(StoreProvider store)
    {
        await using var node = await OriginNode.OnAsync(store, postgreSql);
        var register = node.Get<LinkedCloudRegister>();
        var registration = new CloudRegistration("other", _target.Url, "client", "old") { TrustAnchors = _target.Anchors };
        var cloud = (await register.AddAsync(registration, Ending)).Cloud!;
        var account = await node.AddAccountAsync(cloud, life: TimeSpan.FromSeconds(-1));
        _target.AnswerToken = Refuse("invalid_client");
        Assert.Equal(TargetOutcome.Unreachable, (await node.GetAsync(account)).Outcome);
        Assert.NotNull((await node.RowAsync(account)).Trouble);
        _target.Metadata = _ => _target.GoodMetadata(null, ("token_endpoint", $"\"{_target.Url}/base/token\""), ("revocation_endpoint", null));
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("renewed");

        var changed = await register.AddAsync(
            registration with
            {
                ClientSecret = "new",
                Scope = "r:*",
                TrustAnchors = $"{_target.Anchors}\n{authority.Pem}",
                CloudId = Guid.NewGuid(),
                ClientCertificate = certificate.ExportCertificatePem(),
                ClientKey = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            },
            Ending);

        Assert.Equal((null, true), (changed.Refusal, changed.IsUpdate));
        var row = (await node.Get<LinkedCloudStore>().FindAsync("other", Ending))!;
        Assert.Equal(
            (cloud.Id, cloud.CreatedAt, "r:*", $"{_target.Url}/base/token", null, changed.Cloud!.CloudId),
            (row.Id, row.CreatedAt, row.Scope, row.TokenEndpoint, row.RevocationEndpoint, row.CloudId));
        Assert.Equal("new", node.Get<SealedSecrets>().TryOpen(SecretPurpose.ClientSecret, row.ClientSecret));
        Assert.Equal(2, row.TrustAnchors!.Split("BEGIN").Length - 1);
        Assert.NotNull(row.ClientKey);
        Assert.Equal((AccountState.Linked, null, node.Clock.GetUtcNow()), await node.RowAsync(account) is var kept ? (kept.State, kept.RefreshUntil, kept.DueAt) : default);

        // Not only when the rest of the refused refresh is over.
        await register.AddAsync(registration, Ending);
        _target.Metadata = _ => _target.GoodMetadata();
        await register.AddAsync(registration, Ending);
        _target.AnswerToken = null;
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, (await node.GetAsync(account)).Status);
    }

    [Theory]
    [InlineData("https://ORIGIN.example:443/base", null)]
    [InlineData(null, "https://origin.example/token")]
    public async Task A_cloud_with_our_address_is_refused_before_anybody_is_asked(string? url, string? tokenEndpoint)
    {
        var added = await AddAsync(registration => registration with
        {
            Url = url ?? registration.Url,
            TokenEndpoint = tokenEndpoint,
            AuthorizationEndpoint = tokenEndpoint is null ? null : "https://other.example/authorize",
        });

        Assert.Contains("not linked with itself", added.Refusal, StringComparison.Ordinal);
        Assert.Empty(added.Findings);
        Assert.Empty(_target.Calls);
    }

    [Fact]
    public async Task A_cloud_whose_metadata_names_our_endpoints_is_refused()
    {
        _target.Metadata = _ => _target.GoodMetadata(null, ("authorization_endpoint", "\"https://origin.example/authorize\""));

        Assert.Contains("not linked with itself", (await AddAsync()).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_start_page_where_there_is_no_metadata_hides_no_other_place(string? page)
    {
        _target.Metadata = path => path == "/.well-known/openid-configuration" ? page ?? new string('x', 2_000_000) : _target.GoodMetadata();

        Assert.Null((await AddAsync()).Refusal);

        _target.Metadata = path => path == "/.well-known/openid-configuration" ? page ?? new string('x', 2_000_000) : null;
        Assert.Contains("/.well-known/openid-configuration ", (await AddAsync(registration => registration with { Name = "more" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_finds_a_good_cloud_good()
    {
        await AddAsync();
        _target.AnswerToken = Refuse("invalid_grant");

        var test = await Register.TestAsync("other", Ending);

        Assert.All(test!.Findings, finding => Assert.True(finding.IsGood, finding.Words));
        Assert.Equal(["metadata", "TLS", "API", "client"], test.Findings.Select(finding => finding.Subject));
        Assert.Null(await Register.TestAsync("nobody", Ending));
    }

    [Fact]
    public async Task A_test_says_of_each_thing_what_is_wrong()
    {
        await AddAsync();
        _target.AnswerToken = Refuse("invalid_client");
        _target.Answer = (_, _) => Task.CompletedTask;
        _target.Metadata = _ => _target.GoodMetadata(null, ("token_endpoint", $"\"{_target.Url}/moved\""));

        var test = await Register.TestAsync("other", Ending);

        Assert.Equal(["metadata", "API", "client"], test!.Findings.Where(finding => !finding.IsGood).Select(finding => finding.Subject));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Removing_takes_the_devices_away_and_leaves_the_accounts_to_be_unlinked(StoreProvider store)
    {
        await using var node = await OriginNode.OnAsync(store, postgreSql);
        var register = node.Get<LinkedCloudRegister>();
        var (cloud, other) = (await node.AddCloudAsync(_target), await node.AddCloudAsync(_target));
        UserId[] users = [UserId.New(), UserId.New(), UserId.New()];
        foreach (var user in users)
        {
            await node.AddAccountAsync(cloud, user: user, state: user == users[0] ? AccountState.NeedsLinking : AccountState.Linked);
            await PutAsync(node, user, cloud);
            await PutAsync(node, user, other);
        }

        Assert.Equal(cloud.Id, (await register.RemoveAsync(cloud.Name, Ending)).Cloud!.Id);

        var accounts = await node.Store.ReadAsync((context, token) => context.Set<LinkedAccount>().ToListAsync(token), Ending);
        Assert.All(accounts, account => Assert.Equal((AccountState.Unlinking, node.Clock.GetUtcNow()), (account.State, account.DueAt)));
        foreach (var user in users)
        {
            Assert.Equal(0, await node.Get<MirrorStore>().CountAsync(user, cloud.Id, Ending));
            Assert.Equal(1, await node.Get<MirrorStore>().CountAsync(user, other.Id, Ending));
        }

        Assert.Null(await node.Get<LinkedCloudStore>().FindAsync(cloud.Name, Ending));
        Assert.True((await node.Get<LinkedCloudStore>().FindAsync(cloud.Id, Ending))!.Removing);
        Assert.NotNull((await register.RemoveAsync(cloud.Name, Ending)).Refusal);
        await register.RemoveAsync(other.Name, Ending);
        Assert.Null(await node.Get<LinkedCloudStore>().FindAsync(other.Id, Ending));
    }

    [Fact]
    public async Task A_cloud_that_is_being_removed_meanwhile_is_not_changed()
    {
        await using var node = await OriginNode.OnAsync(StoreProvider.PostgreSql, postgreSql, options => (options.RequestTimeout, options.TokenTimeout) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
        var register = node.Get<LinkedCloudRegister>();
        var registration = new CloudRegistration("other", _target.Url, "client", "s3cret") { TrustAnchors = _target.Anchors };
        var cloud = (await register.AddAsync(registration, Ending)).Cloud!;
        Task<CloudChange>? changing = null;

        await node.Store.WriteAsync(
            async (context, token) =>
            {
                (await CloudLock.TakeAsync(context, cloud.Id, token))!.Removing = true;
                await context.SaveChangesAsync(token);
                changing = register.AddAsync(registration with { Scope = "r:*" }, Ending);
                await PostgreSqlLocks.UntilWaitedForAsync(node.Store, changing);
            },
            Ending);

        Assert.Contains("still being removed", (await changing!).Refusal, StringComparison.Ordinal);
        Assert.Equal(cloud.Scope, (await node.Get<LinkedCloudStore>().FindAsync(cloud.Id, Ending))!.Scope);
    }

    [Fact]
    public void A_UUID_of_a_URL_is_of_version_5() =>
        Assert.Equal(new Guid("2852df3d-19c0-5715-b52d-82c58210db6a"), NamedUuid.OfUrl("https://cloud.example/base"));

    private static Task PutAsync(OriginNode node, UserId user, LinkedCloud cloud) => node.Store.WriteAsync(
        (context, token) => node.Get<MirrorStore>().PutAsync(context, user, cloud.Id, [new MirroredContent(new DeviceId(Guid.NewGuid()), "light", ["oic.d.light"], Online: true, [])], token), Ending);

    private static Func<TargetCall, HttpContext, Task> Refuse(string error) => (_, context) =>
    {
        context.Response.StatusCode = 400;
        return context.Response.WriteAsync($$"""{"error": "{{error}}"}""");
    };

    private Task<CloudChange> AddAsync(Func<CloudRegistration, CloudRegistration>? change = null)
    {
        var registration = new CloudRegistration("other", _target.Url, "client", "s3cret") { TrustAnchors = _target.Anchors };
        return Register.AddAsync(change?.Invoke(registration) ?? registration, Ending);
    }
}
