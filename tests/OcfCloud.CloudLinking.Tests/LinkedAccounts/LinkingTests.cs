using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.LinkedAccounts;

/// <summary>Linking an account: what goes out, what is taken back in, what is kept.</summary>
public sealed class LinkingTests(PostgreSqlFixture postgreSql)
{
    private readonly UserId _user = UserId.New();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_user_is_sent_with_all_that_the_grant_asks_for_and_only_hashes_are_kept()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();

        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        Assert.StartsWith("https://other.example/authorize?tenant=1&", start.Location, StringComparison.Ordinal);
        var query = AccountRoom.QueryOf(start);
        Assert.Equal(("code", "we there", "https://cloud.example/linked-clouds/other/callback", "r:* w:* offline_access", "S256"),
            (query["response_type"], query["client_id"], query["redirect_uri"], query["scope"], query["code_challenge_method"]));
        var attempt = await room.Store.ReadAsync((context, token) => context.Set<LinkAttempt>().SingleAsync(token), Ending);
        Assert.Equal(LinkSecrets.Hash(query["state"]), attempt.StateHash);
        Assert.Equal(LinkSecrets.Hash(start.Browser!), attempt.BrowserHash);
        Assert.Equal(query["code_challenge"], LinkSecrets.ChallengeOf(room.Open(SecretPurpose.CodeVerifier, attempt.Verifier)!));
        Assert.Equal(room.Time.GetUtcNow() + TimeSpan.FromMinutes(10), attempt.ExpiresAt);
    }

    [Fact]
    public async Task The_code_is_exchanged_with_its_verifier_and_redirect_uri_and_the_tokens_are_kept_sealed()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);
        var query = AccountRoom.QueryOf(start);

        Assert.Null((await CompleteAsync(room, start, cloud, answer => answer with { Code = "the code" })).Refusal);

        var asked = Assert.Single(room.Target.Asked).Split(' ');
        Assert.Equal(("exchange", "the", "code", query["redirect_uri"]), (asked[0], asked[1], asked[2], asked[4]));
        Assert.Equal(query["code_challenge"], LinkSecrets.ChallengeOf(asked[3]));
        var account = Assert.Single(await room.AccountsAsync());
        Assert.Equal((_user, cloud.Id, AccountState.Linked, true, "r:* w:* offline_access"), (account.UserId, account.LinkedCloudId, account.State, account.NeedsRetrieval, account.Scope));
        Assert.Equal((room.Time.GetUtcNow(), room.Time.GetUtcNow() + TimeSpan.FromMinutes(10)), (account.DueAt, account.ExpiresAt));
        Assert.Equal(("access", "refresh"), (room.Open(SecretPurpose.AccessToken, account.AccessToken), room.Open(SecretPurpose.RefreshToken, account.RefreshToken!)));
        Assert.Equal(0, await room.CountAsync<LinkAttempt>());
    }

    [Fact]
    public async Task An_answer_counts_once()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        Assert.Null((await CompleteAsync(room, start, cloud)).Refusal);
        NotOurs(await CompleteAsync(room, start, cloud));
        Assert.Single(room.Target.Asked);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_that_bring_one_answer_at_once_one_links(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var cloud = await room.AddCloudAsync();
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CompleteAsync(room, start, cloud)));

        Assert.Single(outcomes, outcome => outcome.Refusal is null);
        Assert.Single(room.Target.Asked);
        Assert.Single(await room.AccountsAsync());
    }

    [Fact]
    public async Task What_does_not_fit_does_nothing_and_the_right_answer_is_still_taken()
    {
        await using var room = await RoomAsync();
        var (cloud, third) = (await room.AddCloudAsync(), await room.AddCloudAsync("third"));
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);
        var state = AccountRoom.QueryOf(start)["state"];
        var good = new LinkAnswer(state) { Code = "code" };
        var other = LinkSecrets.Make();

        foreach (var (why, user, name, browser, answer) in new (string, UserId, string, string?, LinkAnswer)[]
        {
            ("no state", _user, cloud.Name, start.Browser, good with { State = null }),
            ("an unknown state", _user, cloud.Name, start.Browser, good with { State = other }),
            ("a state of another form", _user, cloud.Name, start.Browser, good with { State = new string('x', 100_000) }),
            ("an error without the state", _user, cloud.Name, start.Browser, new LinkAnswer((string?)null) { Error = "access_denied" }),
            ("another user", UserId.New(), cloud.Name, start.Browser, good),
            ("another cloud", _user, third.Name, start.Browser, good),
            ("no cloud", _user, "fourth", start.Browser, good),
            ("another browser", _user, cloud.Name, other, good),
            ("a browser without a cookie", _user, cloud.Name, null, good),
            ("a parameter twice", _user, cloud.Name, start.Browser, good with { IsRepeated = true }),
        })
        {
            var outcome = await room.Linking.CompleteAsync(user, name, browser, answer, Ending);
            Assert.True(outcome.Refusal?.StartsWith("This answer of another cloud does not belong", StringComparison.Ordinal), why);
        }

        Assert.Empty(room.Target.Asked);
        Assert.Empty(await room.AccountsAsync());
        Assert.Null((await CompleteAsync(room, start, cloud)).Refusal);
    }

    [Fact]
    public async Task An_answer_after_ten_minutes_is_too_late()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var (late, early) = (await room.Linking.StartAsync(_user, cloud.Name, null, Ending), await room.Linking.StartAsync(_user, cloud.Name, null, Ending));

        room.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Null((await CompleteAsync(room, early, cloud)).Refusal);
        room.Time.Advance(TimeSpan.FromMilliseconds(1));
        NotOurs(await CompleteAsync(room, late, cloud));
    }

    [Fact]
    public async Task A_user_has_so_many_open_attempts_and_the_oldest_make_room()
    {
        await using var room = await RoomAsync(options: one => one.MaxOpenAttempts = 3);
        var cloud = await room.AddCloudAsync();
        List<LinkStart> starts = [];
        for (var number = 0; number < 5; number++)
        {
            starts.Add(await room.Linking.StartAsync(_user, cloud.Name, starts.LastOrDefault()?.Browser, Ending));
            room.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var others = await room.Linking.StartAsync(UserId.New(), cloud.Name, null, Ending);

        Assert.Equal(4, await room.CountAsync<LinkAttempt>());
        NotOurs(await CompleteAsync(room, starts[1], cloud));
        Assert.Null((await CompleteAsync(room, starts[2], cloud)).Refusal);
        Assert.NotEqual(starts[0].Browser, others.Browser);

        // One browser, one cookie, however many windows; what is no such value is not taken over.
        Assert.Single(starts.Select(start => start.Browser).Distinct(StringComparer.Ordinal));
        Assert.NotEqual("chosen", (await room.Linking.StartAsync(_user, cloud.Name, "chosen", Ending)).Browser);
    }

    [Theory]
    [InlineData("https://other.example", false, null, true)]
    [InlineData("https://other.example", false, "https://other.example", true)]
    [InlineData("https://other.example", false, "https://other.example/", false)]
    [InlineData("https://other.example", false, "https://evil.example", false)]
    [InlineData("https://other.example", false, "", false)]
    [InlineData("https://other.example", true, null, false)]
    [InlineData("https://other.example", true, "https://other.example", true)]
    [InlineData(null, false, "https://whoever.example", true)]
    public async Task The_issuer_is_checked_where_it_comes_and_asked_for_where_the_cloud_says_that_it_sends_it(string? known, bool sends, string? came, bool taken)
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync(change: one =>
        {
            (one.Issuer, one.SendsIssuer) = (known, sends);
            return one;
        });
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        var outcome = await CompleteAsync(room, start, cloud, answer => answer with { Issuer = came });

        Assert.Equal(taken, outcome.Refusal is null);
        Assert.Equal(taken ? 1 : 0, room.Target.Asked.Count);
        if (!taken) Assert.Contains("did not come from the cloud that you were sent to", outcome.Refusal, StringComparison.Ordinal);
        NotOurs(await CompleteAsync(room, start, cloud));
    }

    [Theory]
    [InlineData("access_denied", "not allowed at the other cloud")]
    [InlineData("invalid_request", "did not understand")]
    [InlineData("unauthorized_client", "does not let this cloud ask")]
    [InlineData("unsupported_response_type", "in the way that this cloud does")]
    [InlineData("invalid_scope", "the scope is not right")]
    [InlineData("server_error", "Something went wrong at the other cloud")]
    [InlineData("temporarily_unavailable", "busy or being maintained")]
    [InlineData("login_required", "has to ask you something first")]
    [InlineData("something_else", "does not know (something_else)")]
    public async Task Each_error_is_told_in_words_and_ends_the_attempt(string error, string words)
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        var outcome = await CompleteAsync(room, start, cloud, answer => answer with { Error = error, Code = "code", ErrorDescription = "because\n" + new string('x', 300) });

        Assert.Contains(words, outcome.Refusal, StringComparison.Ordinal);
        Assert.StartsWith("because?xxx", outcome.Said, StringComparison.Ordinal);
        Assert.Equal(201, outcome.Said!.Length);
        Assert.Empty(room.Target.Asked);
        NotOurs(await CompleteAsync(room, start, cloud));
    }

    [Theory]
    [InlineData("invalid_grant", "had run out or was used before")]
    [InlineData("invalid_client", "does not accept this cloud's client id and secret")]
    [InlineData("unauthorized_client", "does not let this cloud get tokens")]
    [InlineData("unsupported_grant_type", "does not issue tokens in this way")]
    [InlineData("invalid_scope", "does not grant what was asked for")]
    [InlineData("invalid_request", "malformed")]
    [InlineData("made_up", "refuses tokens (made_up)")]
    [InlineData(null, "cannot be reached")]
    public async Task Each_error_of_the_exchange_is_told_in_words_and_keeps_the_former_account(string? error, string words)
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var former = await room.LinkAsync(_user, cloud);
        room.Target.Tokens = new TokenOutcome(Tokens: null) { Error = error };
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        Assert.Contains(words, (await CompleteAsync(room, start, cloud)).Refusal, StringComparison.Ordinal);

        Assert.Equal((former.Id, AccountState.Linked), (Assert.Single(await room.AccountsAsync()) is var kept ? (kept.Id, kept.State) : default));
    }

    [Fact]
    public async Task An_answer_without_a_code_links_nothing()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        Assert.Contains("lacks its permission", (await CompleteAsync(room, start, cloud, answer => answer with { Code = null })).Refusal, StringComparison.Ordinal);
        Assert.Empty(room.Target.Asked);
    }

    [Fact]
    public async Task For_a_cloud_that_is_removed_and_a_user_who_is_erased_in_between_nothing_is_kept_and_the_tokens_are_given_back()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var account = new LinkedAccount { Id = Guid.NewGuid(), UserId = _user, LinkedCloudId = cloud.Id, AccessToken = [], Scope = "" };
        await room.Get<UserErasure>().EraseAsync(_user, Ending);
        Assert.False(await room.Get<AccountReplacement>().ReplaceAsync(account, Ending));
        Assert.Null((await room.Linking.StartAsync(_user, cloud.Name, null, Ending)).Location);

        var bob = UserId.New();
        var start = await room.Linking.StartAsync(bob, cloud.Name, null, Ending);
        room.Target.Exchanging = () => room.Get<UserErasure>().EraseAsync(bob, Ending);
        Assert.Contains("Nothing was linked", (await CompleteAsync(room, start, cloud, user: bob)).Refusal, StringComparison.Ordinal);
        Assert.Equal(["revoke refresh refresh", "revoke access access"], room.Target.Asked.Skip(1));

        var carol = UserId.New();
        await room.Get<LinkedCloudRegister>().RemoveAsync(cloud.Name, Ending);
        Assert.Null((await room.Linking.StartAsync(carol, cloud.Name, null, Ending)).Location);
        Assert.Empty(await room.AccountsAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_links_that_come_back_at_once_one_account_is_left(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var cloud = await room.AddCloudAsync();
        var starts = new List<LinkStart>();
        for (var number = 0; number < 4; number++) starts.Add(await room.Linking.StartAsync(_user, cloud.Name, null, Ending));

        Assert.All(await Task.WhenAll(starts.Select(start => CompleteAsync(room, start, cloud))), outcome => Assert.Null(outcome.Refusal));

        var accounts = await room.AccountsAsync();
        Assert.Equal(4, accounts.Count);
        Assert.Single(accounts, account => account.State == AccountState.Linked);
    }

    private static void NotOurs(LinkOutcome outcome) => Assert.StartsWith("This answer of another cloud does not belong", outcome.Refusal, StringComparison.Ordinal);

    private Task<LinkOutcome> CompleteAsync(AccountRoom room, LinkStart start, LinkedCloud cloud, Func<LinkAnswer, LinkAnswer>? change = null, UserId? user = null)
    {
        var answer = new LinkAnswer(AccountRoom.QueryOf(start)["state"]) { Code = "code" };
        return room.Linking.CompleteAsync(user ?? _user, cloud.Name, start.Browser, change?.Invoke(answer) ?? answer, Ending);
    }

    private Task<AccountRoom> RoomAsync(StoreProvider provider = StoreProvider.Sqlite, Action<LinkedAccountOptions>? options = null) => AccountRoom.OpenAsync(provider, postgreSql, options);
}
