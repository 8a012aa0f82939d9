using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Console.Tests.Pages;

/// <summary>What administrators see of who was let in and who was not, and owners of their refused devices.</summary>
public sealed partial class AdministrationRecordTests : IAsyncLifetime
{
    private const string Audit = "/administration/audit";
    private const string Refused = "/administration/refused-devices";

    private readonly TemporaryFolder _folder = new();
    private TestCloud _cloud = null!;
    private TestBrowser _root = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AuditLog Log => _cloud.Services.GetRequiredService<AuditLog>();

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestCloud.StartAsync(_folder);
        await _cloud.AddUserAsync("alice");
        await _cloud.AddUserAsync("root", administrator: true);
        _root = _cloud.Browse();
        await _root.LogInAsync("root");
    }

    public async ValueTask DisposeAsync()
    {
        _root.Dispose();
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task They_are_for_administrators_alone()
    {
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");
        foreach (var path in new[] { Audit, Refused })
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await browser.OpenAsync(path)).Status));
            Assert.Contains($"href=\"{path}\"", (await _root.OpenAsync("/administration/clients")).Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_code_that_came_twice_is_not_the_client_s_wish()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");
        var answer = await browser.SubmitAsync(await browser.OpenAsync(peer.RequestUrl()), "/oauth/authorize", ("decision", "allow"));
        (await peer.RedeemAsync(answer.Answer["code"])).Succeeded();
        Assert.Equal("invalid_grant", (await peer.RedeemAsync(answer.Answer["code"])).Error);

        var page = await _root.OpenAsync($"{Audit}?kind=consent-revoked");

        Assert.Contains($"consent-revoked cloud client:{peer.ClientId} alice a code", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_administrator_and_a_user_did_is_shown_with_who_did_it()
    {
        var peer = await _cloud.AddPeerAsync(name: "Peer <b>");
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");
        var answer = await browser.SubmitAsync(await browser.OpenAsync(peer.RequestUrl()), "/oauth/authorize", ("decision", "allow"));
        (await peer.RedeemAsync(answer.Answer["code"])).Succeeded();
        await browser.SubmitAsync(await browser.OpenAsync("/connected-clouds"), "/connected-clouds/revoke");

        var page = await _root.OpenAsync($"{Audit}?user=alice");

        Assert.Contains($"consent-revoked user:alice client:{peer.ClientId} alice", page.Text, StringComparison.Ordinal);
        Assert.Contains($"consent-given user:alice client:{peer.ClientId} alice r:* w:* offline_access", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Peer <b>", page.Text, StringComparison.Ordinal);
        page = await _root.OpenAsync($"{Audit}?kind=client-added");
        Assert.Contains("Peer <b>: r:* w:* offline_access", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("consent-given user", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_that_came_to_nothing_is_not_on_record()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");

        await browser.SubmitAsync(await browser.OpenAsync(peer.RequestUrl()), "/oauth/authorize", ("decision", "deny"));

        Assert.Empty(await Log.ListAsync(new AuditFilter { Kind = AuditKind.ConsentGiven }, 10, Cancellation));
    }

    [Fact]
    public async Task Refused_log_ins_and_tokens_are_on_record_and_no_name_that_nobody_has()
    {
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice", "wrong password");
        await browser.LogInAsync("alice", "wrong password");
        await browser.LogInAsync("my secret password", "alice");
        await _cloud.Services.GetRequiredService<AuditedRefusals>().FlushAsync(ending: true, Cancellation);

        var page = await _root.OpenAsync($"{Audit}?kind=log-in-refused");

        Assert.Contains("log-in-refused × 2 address:127.0.0.1 user:alice alice", page.Text, StringComparison.Ordinal);
        Assert.Contains("log-in-refused address:127.0.0.1 user no such user", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("my secret", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_on_record_as_its_client_s()
    {
        var peer = await _cloud.AddPeerAsync(scope: "w:*");
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");
        var answer = await browser.SubmitAsync(await browser.OpenAsync(peer.RequestUrl(("scope", "w:*"))), "/oauth/authorize", ("decision", "allow"));
        using var called = await peer.RequestAsync((await peer.RedeemAsync(answer.Answer["code"])).Succeeded().AccessToken);
        Assert.Equal(HttpStatusCode.Forbidden, called.StatusCode);
        await _cloud.Services.GetRequiredService<AuditedRefusals>().FlushAsync(ending: true, Cancellation);

        var entry = Assert.Single(await Log.ListAsync(new AuditFilter { Kind = AuditKind.TokenRefused }, 10, Cancellation));

        Assert.Equal(($"client:{peer.ClientId}", "scope:r:*", "GET /api/who"), (entry.Actor, entry.Subject, entry.Detail));
        Assert.NotNull(entry.User);
    }

    [Fact]
    public async Task Pages_lead_on_to_what_came_before_and_what_cannot_be_asked_is_said()
    {
        var (store, trail) = (_cloud.Services.GetRequiredService<Store>(), _cloud.Services.GetRequiredService<AuditTrail>());
        await store.WriteAsync(
            (context, _) =>
            {
                for (var i = 1; i <= 101; i++) trail.Add(context, AuditKind.CloudAdded, $"cloud:number-{i}-", user: null);
                return Task.CompletedTask;
            },
            Cancellation);

        var page = await _root.OpenAsync($"{Audit}?kind=cloud-added&since=2020-01-01");

        Assert.Contains("number-101-", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("number-1-", page.Text, StringComparison.Ordinal);
        var earlier = await _root.OpenAsync(WebUtility.HtmlDecode(EarlierLink().Match(page.Html).Groups["link"].Value));
        Assert.Contains("number-1-", earlier.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("number-2-", earlier.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(EarlierLink(), earlier.Html);
        foreach (var (query, words) in new[] { ("kind=robbery", "no such kind"), ("since=yesterday", "is no date"), ("user=%3Cb%3Enobody", "no user of this name") })
        {
            var refused = await _root.OpenAsync($"{Audit}?{query}");
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, refused.Status));
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", refused.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_owner_sees_the_last_refusal_of_a_device_and_an_administrator_those_of_strangers()
    {
        var (accounts, refusals) = (_cloud.Services.GetRequiredService<DeviceAccounts>(), _cloud.Services.GetRequiredService<DeviceRefusals>());
        var alice = new UserId((await _cloud.Users.FindAsync("alice", Cancellation))!.Id);
        var (own, stranger) = (DeviceId.New(), DeviceId.New());
        var token = (await _cloud.Services.GetRequiredService<OneTimeTokens>().IssueAsync(alice, own, Cancellation))!.Token;
        Assert.True((await accounts.SignUpAsync(own, token, Cancellation)).Succeeded);
        refusals.Record(own, RefusedStep.Publish, "4.00", RefusalReason.TooManyLinks, "Too many <b>.");
        refusals.Record(stranger, RefusedStep.SignUp, "4.01", RefusalReason.TokenExpired, "The token <b> has expired.");
        await refusals.FlushAsync(Cancellation);
        using var browser = _cloud.Browse();

        var devices = await browser.LogInAsync("alice");
        var strangers = await _root.OpenAsync(Refused);

        Assert.Contains("publish, too-many-links", devices.Text, StringComparison.Ordinal);
        Assert.Contains("Too many <b>.", devices.Text, StringComparison.Ordinal);
        Assert.Contains("sign-up 4.01 token-expired The token <b> has expired.", strangers.Text, StringComparison.Ordinal);
        Assert.Contains(stranger.ToString(), strangers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(own.ToString(), strangers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", devices.Html + strangers.Html, StringComparison.Ordinal);
        Assert.Contains("There are none.", (await _root.OpenAsync(Refused + "?page=2")).Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("<a href=\"(?<link>[^\"]*before=[^\"]*)\">Earlier</a>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EarlierLink();
}
