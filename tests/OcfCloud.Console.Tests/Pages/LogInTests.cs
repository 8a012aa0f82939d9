using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Pages;

/// <summary>Logging in and out, guessing, and where the log-in page may lead.</summary>
public sealed class LogInTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private const string Refused = "The name or the password is wrong";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Ten_wrong_passwords_lock_an_account_for_five_minutes(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        await cloud.AddUserAsync("alice");
        await cloud.AddUserAsync("bob");
        using var browser = cloud.Browse();
        for (var attempt = 1; attempt <= 9; attempt++) Assert.Contains(Refused, (await browser.LogInAsync("alice", "wrong password")).Text, StringComparison.Ordinal);
        Assert.Contains("My devices", (await cloud.Browse().LogInAsync("alice")).Text, StringComparison.Ordinal);

        // The right one was between: these ten are in a row, and all at once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cloud.Browse().LogInAsync("alice", "wrong password")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));

        var locked = await browser.LogInAsync("alice");
        Assert.Contains(Refused, locked.Text, StringComparison.Ordinal);
        Assert.Equal(Visible(await browser.LogInAsync("nobody")), Visible(locked));
        Assert.Contains("My devices", (await cloud.Browse().LogInAsync("bob")).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Contains(Refused, (await browser.LogInAsync("alice")).Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("My devices", (await browser.LogInAsync("alice")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_address_guesses_no_faster_than_its_limit()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, console: options => options.MaxLogInsPerMinute = 3);
        await cloud.AddUserAsync("alice");
        using var browser = cloud.Browse();
        for (var attempt = 1; attempt <= 3; attempt++) await browser.LogInAsync($"user{attempt}", "wrong password");

        var answer = await browser.LogInAsync("alice");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal("60", answer.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Guessing_from_many_addresses_is_stopped_by_the_account_and_from_one_by_the_address()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, console: options => options.MaxLogInsPerMinute = 2);
        await cloud.AddUserAsync("alice");
        await cloud.AddUserAsync("bob");
        IPAddress Address(int number) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.1.{number}"));

        for (var number = 1; number <= 10; number++)
        {
            using var guesser = cloud.Browse(Address(number));
            Assert.Equal(HttpStatusCode.BadRequest, (await guesser.LogInAsync("alice", $"guess {number}")).Status);
        }

        // The right one comes too late, wherever it comes from; others are not concerned.
        using var late = cloud.Browse(Address(11));
        Assert.Contains(Refused, (await late.LogInAsync("alice")).Text, StringComparison.Ordinal);
        Assert.Contains("My devices", (await late.LogInAsync("bob")).Text, StringComparison.Ordinal);
        using var third = cloud.Browse(Address(11));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await third.LogInAsync("bob")).Status);
        using var elsewhere = cloud.Browse(Address(12));
        Assert.Contains("My devices", (await elsewhere.LogInAsync("bob")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_in_ends_some_day_however_often_its_browser_comes()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time, options => options.MaxSessionAge = TimeSpan.FromDays(2));
        await cloud.AddUserAsync("alice");
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        for (var visit = 1; visit <= 4; visit++)
        {
            _time.Advance(TimeSpan.FromHours(11));
            Assert.Contains("My devices", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
        }

        _time.Advance(TimeSpan.FromHours(5));
        Assert.Contains("Log in", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);

        // And without a visit after half a day.
        await browser.LogInAsync("alice");
        _time.Advance(TimeSpan.FromHours(13));
        Assert.Contains("Log in", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_in_page_leads_to_this_host_alone()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        await cloud.AddUserAsync("alice");
        foreach (var url in new[] { "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil.example", "/d\u00e9vices", "/a b", "" })
        {
            using var browser = cloud.Browse();
            var page = await browser.OpenAsync("/login?returnUrl=" + Uri.EscapeDataString(url));
            Assert.Equal("/", page.FormOf("/login").Single(field => field.Key == "returnUrl").Value);

            // Nor where the form was changed on its way.
            var fields = page.FormOf("/login").Select(field => (field.Key, (string?)field.Value)).Where(field => field.Key != "returnUrl")
                .Append(("returnUrl", url)).Append(("username", "alice")).Append(("password", TestCloud.Password));
            var answer = await browser.PostAsync("/login", [.. fields]);
            Assert.Equal((url, HttpStatusCode.SeeOther, "/"), (url, answer.Status, answer.Location!.ToString()));
        }
    }

    [Fact]
    public async Task Forms_of_other_sites_do_nothing()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        await cloud.AddUserAsync("alice", administrator: true);
        var peer = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        var consent = await browser.OpenAsync(peer.RequestUrl());
        var hidden = consent.FormOf("/oauth/authorize").Select(field => (field.Key, (string?)field.Value)).Where(field => field.Key != "__RequestVerificationToken").ToArray();
        (string Action, (string, string?)[] Fields)[] forms =
        [
            ("/oauth/authorize", [.. hidden, ("decision", "allow")]),
            ("/oauth/authorize", [.. hidden, ("decision", "deny")]),
            ("/login", [("username", "alice"), ("password", TestCloud.Password)]),
            ("/logout", []),
            ("/account/password", [("current", TestCloud.Password), ("new", "battery staple")]),
            ("/connected-clouds/revoke", [("client", peer.ClientId)]),
            ("/administration/clients", [("name", "Evil"), ("redirect-uris", "https://evil.example"), ("scope", "r:*")]),
            ("/administration/clients/remove", [("client", peer.ClientId)]),
        ];

        // Mallory's own page, made for another user, has a token that does not fit either.
        await cloud.AddUserAsync("mallory");
        using var mallory = cloud.Browse();
        await mallory.LogInAsync("mallory");
        var theirs = (await mallory.OpenAsync("/account")).FormOf("/account/password").Single(field => field.Key == "__RequestVerificationToken").Value;
        foreach (var (action, fields) in forms)
        {
            foreach (var token in new[] { null, "CfDJ8rubbish", theirs })
            {
                var answer = await browser.PostAsync(action, [.. fields, ("__RequestVerificationToken", token)]);

                Assert.Equal((action, HttpStatusCode.BadRequest), (action, answer.Status));
                Assert.Null(answer.Location);
            }
        }

        Assert.Contains("My devices", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
        Assert.Single(await cloud.Clients.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Who_logs_out_or_is_gone_or_changed_the_password_elsewhere_has_to_log_in_again()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        await cloud.AddUserAsync("alice");
        using var browser = cloud.Browse();
        using var other = cloud.Browse();
        var page = await browser.LogInAsync("alice");
        await other.LogInAsync("alice");

        Assert.Contains("Log in", (await browser.SubmitAsync(page, "/logout")).Text, StringComparison.Ordinal);
        Assert.Contains("Log in", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);

        await browser.LogInAsync("alice");
        var account = await browser.OpenAsync("/account");
        Assert.Contains("not the one that you gave", (await browser.SubmitAsync(account, "/account/password", ("current", "wrong"), ("new", "battery staple"))).Text, StringComparison.Ordinal);
        Assert.Contains("at least 8", (await browser.SubmitAsync(account, "/account/password", ("current", TestCloud.Password), ("new", "short"))).Text, StringComparison.Ordinal);
        Assert.Contains("was changed", (await browser.SubmitAsync(account, "/account/password", ("current", TestCloud.Password), ("new", "battery staple"))).Text, StringComparison.Ordinal);
        Assert.Contains("Log in", (await other.OpenAsync("/devices")).Text, StringComparison.Ordinal);
        Assert.Contains("My devices", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
        Assert.Contains(Refused, (await other.LogInAsync("alice")).Text, StringComparison.Ordinal);

        await cloud.Users.RemoveAsync("alice", Cancellation);
        Assert.Contains("Log in", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_are_made_where_the_operator_allows_it()
    {
        await using var closed = await TestCloud.StartAsync(_folder);
        using var stranger = closed.Browse();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync("/register")).Status);
        Assert.DoesNotContain("/register", (await stranger.OpenAsync("/login")).Html, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        await using var open = await TestCloud.StartAsync(folder, console: options => options.AllowRegistration = true);
        using var browser = open.Browse();
        Assert.Contains("/register", (await browser.OpenAsync("/login")).Html, StringComparison.Ordinal);
        var made = await browser.SubmitAsync(await browser.OpenAsync("/register"), "/register", ("username", "carol"), ("password", "battery staple"));
        Assert.Contains("My devices", made.Text, StringComparison.Ordinal);
        Assert.False((await open.Users.FindAsync("carol", Cancellation))!.IsAdministrator);
        var taken = await open.Browse().SubmitAsync(await browser.OpenAsync("/register"), "/register", ("username", "carol"), ("password", "battery staple"));
        Assert.NotEqual(HttpStatusCode.OK, taken.Status);
    }

    private static string Visible(TestPage page) => page.Text;
}
