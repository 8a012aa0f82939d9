using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>The life of the tokens of a linked account.</summary>
public sealed class TokenRefreshTests(PostgreSqlFixture postgreSql) : IAsyncLifetime
{
    private TestTarget _target = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _target = await TestTarget.StartAsync();

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_hundred_requests_with_an_old_token_cost_one_refresh(StoreProvider store)
    {
        await using var node = await OriginNode.OnAsync(store, postgreSql, Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target));
        _target.EndTokens();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => node.GetAsync(account)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var refresh = Assert.Single(_target.TokenRequests);
        Assert.Equal(("refresh_token", "refresh-1"), (refresh.Form["grant_type"], refresh.Form["refresh_token"]));
        var row = await node.RowAsync(account);
        Assert.Equal((2, AccountState.Linked, null, null), (row.Generation, row.State, row.RefreshNode, row.RefreshUntil));
        Assert.Equal("refresh-3", node.Get<SealedSecrets>().TryOpen(SecretPurpose.RefreshToken, row.RefreshToken!));
        Assert.Equal(node.Clock.GetUtcNow() + TimeSpan.FromMinutes(10), row.ExpiresAt);
    }

    [Fact]
    public async Task A_hundred_requests_on_two_nodes_cost_one_refresh()
    {
        postgreSql.Require();
        var (database, clock) = (await postgreSql.CreateMigratedDatabaseAsync(), new TestClock());
        await using var first = await OriginNode.OnPostgreSqlAsync(database, clock, Patient);
        await using var second = await OriginNode.OnPostgreSqlAsync(database, clock, Patient);
        var account = await first.AddAccountAsync(await first.AddCloudAsync(_target));
        _target.EndTokens();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => (number % 2 == 0 ? first : second).GetAsync(account)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(_target.TokenRequests);
    }

    [Fact]
    public async Task A_token_is_refreshed_before_its_end_while_the_old_one_still_serves()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target));
        await node.GetAsync(account);
        node.Clock.Advance(TimeSpan.FromMinutes(9) - TimeSpan.FromSeconds(2));
        await node.GetAsync(account);
        Assert.Empty(_target.TokenRequests);
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _target.AnswerToken = async (call, context) =>
        {
            asked.SetResult();
            await go.Task;
            await _target.IssueAsync(call, context);
        };

        node.Clock.Advance(TimeSpan.FromSeconds(3));
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await node.GetAsync(account)).Status);
        await asked.Task.WaitAsync(Ending);
        go.SetResult();
        await UntilAsync(async () => (await node.RowAsync(account)).Generation == 2);
        node.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, (await node.GetAsync(account)).Status);
        Assert.Single(_target.TokenRequests);
        Assert.Equal("Bearer access-2", _target.Calls.Last().Headers["Authorization"]);
    }

    [Fact]
    public async Task A_short_lived_token_is_refreshed_a_fifth_of_its_life_before_its_end()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(100));
        await node.GetAsync(account);

        node.Clock.Advance(TimeSpan.FromSeconds(79));
        await node.GetAsync(account);
        Assert.Equal(1, (await node.RowAsync(account)).Generation);

        node.Clock.Advance(TimeSpan.FromSeconds(2));
        await node.GetAsync(account);
        await UntilAsync(async () => (await node.RowAsync(account)).Generation == 2);
    }

    [Fact]
    public async Task New_tokens_are_stored_before_they_are_used()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        var generation = 0;
        _target.Answer = async (_, _) => generation = (await node.RowAsync(account)).Generation;

        await node.GetAsync(account);

        Assert.Equal(2, generation);
    }

    [Fact]
    public async Task A_fresh_token_that_is_refused_marks_the_account_and_ends_its_calls()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target));
        Answers(401);

        Assert.Equal(TargetOutcome.NeedsLinking, (await node.GetAsync(account)).Outcome);
        Assert.Equal(TargetOutcome.NeedsLinking, (await node.GetAsync(account)).Outcome);

        Assert.Equal(2, _target.Calls.Count);
        Assert.Single(_target.TokenRequests);
        var row = await node.RowAsync(account);
        Assert.Equal(AccountState.NeedsLinking, row.State);
        Assert.NotNull(row.Trouble);
    }

    [Theory]
    [InlineData("/lock")]
    [InlineData("/lock?x=/subscriptions")]
    public async Task A_401_of_a_device_ends_no_link_and_costs_one_refresh(string path)
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target));
        var device = $"/api/v1/devices/{Guid.NewGuid()}{path}";
        _target.Answer = (call, context) =>
        {
            if (call.Target == device) context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };

        for (var i = 0; i < 5; i++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal((TargetOutcome.Answered, 401), ((await node.AskDeviceAsync(account, device)) is var answer ? answer.Outcome : default, answer.Status));
        }

        Assert.Single(_target.TokenRequests);
        Assert.Equal(AccountState.Linked, (await node.RowAsync(account)).State);
        Assert.Equal(200, (await node.GetAsync(account)).Status);
    }

    [Fact]
    public async Task A_401_of_a_device_ends_no_link_that_cannot_be_refreshed()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), canRefresh: false);
        Answers(401);

        Assert.Equal(401, (await node.AskDeviceAsync(account, $"/api/v1/devices/{Guid.NewGuid()}/lock")).Status);
        Assert.Equal(AccountState.Linked, (await node.RowAsync(account)).State);
    }

    [Fact]
    public async Task A_refused_refresh_of_the_link_itself_marks_the_account_in_words_and_nothing_else()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var cloud = await node.AddCloudAsync(_target);
        var account = await node.AddAccountAsync(cloud);
        _target.EndTokens();
        _target.AnswerToken = Error(400, "invalid_grant");

        var answer = await node.GetAsync(account);
        Assert.Equal(TargetOutcome.NeedsLinking, answer.Outcome);
        Assert.Contains("does not accept this link any more", answer.Detail, StringComparison.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => node.GetAsync(account)));

        Assert.Single(_target.TokenRequests);
        Assert.Single(_target.Calls);
        var row = await node.RowAsync(account);
        Assert.Equal((AccountState.NeedsLinking, answer.Detail), (row.State, row.Trouble));
        _target.AnswerToken = null;
        Assert.Equal(200, (await node.GetAsync(await node.AddAccountAsync(cloud))).Status);
    }

    [Theory]
    [InlineData(401, "", "client id and secret")]
    [InlineData(401, "invalid_client", "client id and secret")]
    [InlineData(400, "invalid_client", "client id and secret")]
    [InlineData(400, "invalid_request", "malformed")]
    [InlineData(400, "unauthorized_client", "registration there")]
    [InlineData(400, "unsupported_grant_type", "in this way")]
    [InlineData(400, "invalid_scope", "does not grant")]
    [InlineData(400, "something_else", "something_else")]
    public async Task A_refresh_that_is_refused_for_another_reason_is_said_tried_again_ever_later_and_heals(int status, string error, string words)
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        _target.AnswerToken = Error(status, error);
        var tried = new List<int>();

        for (var second = 0; second <= 40; second++)
        {
            var answer = await node.GetAsync(account);
            Assert.Equal(TargetOutcome.Unreachable, answer.Outcome);
            Assert.Contains(words, answer.Detail, StringComparison.Ordinal);
            if (_target.TokenRequests.Count > tried.Count) tried.Add(second);
            node.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 5, 15, 35], tried);
        var row = await node.RowAsync(account);
        Assert.Equal(AccountState.Linked, row.State);
        Assert.Contains(words, row.Trouble, StringComparison.Ordinal);

        _target.AnswerToken = null;
        node.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(200, (await node.GetAsync(account)).Status);
        Assert.Null((await node.RowAsync(account)).Trouble);
    }

    [Fact]
    public async Task The_rest_of_refused_refreshes_has_a_bound()
    {
        await using var node = await OriginNode.OnSqliteAsync(options =>
        {
            Patient(options);
            options.RefreshRetryMax = TimeSpan.FromSeconds(10);
        });
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        _target.AnswerToken = Error(401, "invalid_client");

        foreach (var pause in new[] { 5, 10, 10, 10 })
        {
            var before = _target.TokenRequests.Count;
            await node.GetAsync(account);
            Assert.Equal((before + 1, node.Clock.GetUtcNow() + TimeSpan.FromSeconds(pause)), (_target.TokenRequests.Count, (await node.RowAsync(account)).RefreshUntil));
            node.Clock.Advance(TimeSpan.FromSeconds(pause));
        }
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_refresh_that_this_nodes_former_life_left_is_taken_up_at_once(StoreProvider store)
    {
        await using var node = await OriginNode.OnAsync(store, postgreSql, Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        await HoldAsync(node, account, node.Get<NodeIdentity>().Id);

        Assert.Equal(200, (await node.GetAsync(account)).Status);
        Assert.Equal(2, (await node.RowAsync(account)).Generation);
    }

    [Fact]
    public async Task A_refresh_is_left_to_its_node_for_less_time_than_a_superseded_token_is_taken()
    {
        await using var node = await OriginNode.OnSqliteAsync();
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        DateTimeOffset? until = null;
        _target.AnswerToken = async (call, context) =>
        {
            until = (await node.RowAsync(account)).RefreshUntil;
            await _target.IssueAsync(call, context);
        };

        await node.GetAsync(account);

        Assert.Equal(node.Clock.GetUtcNow() + TimeSpan.FromSeconds(15), until);
    }

    [Fact]
    public async Task Another_nodes_refresh_is_waited_for_without_a_write()
    {
        postgreSql.Require();
        await using var node = await OriginNode.OnPostgreSqlAsync(await postgreSql.CreateMigratedDatabaseAsync(), new TestClock(), Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        await HoldAsync(node, account, Guid.NewGuid());

        var asked = await node.Store.WriteAsync(
            async (context, token) =>
            {
                // Lets readers through and makes writers wait.
                await context.Database.ExecuteSqlAsync($"LOCK TABLE linked_accounts IN SHARE MODE", token);
                var asked = node.GetAsync(account);
                for (var i = 0; i < 50; i++)
                {
                    await Task.Delay(10, token);
                    Assert.Equal(0, await context.Database.SqlQuery<int>(
                        $"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE NOT granted AND relation = 'linked_accounts'::regclass").SingleAsync(token));
                }

                return new { Asked = asked };
            },
            Ending);
        Assert.False(asked.Asked.IsCompleted);
        await ChangeAsync(node, account, row => (row.RefreshNode, row.RefreshUntil) = (null, null));
        Assert.Equal(200, (await asked.Asked).Status);
    }

    [Theory]
    [InlineData(true, "refresh-2")]
    [InlineData(false, null)]
    public async Task Tokens_that_come_for_an_account_that_is_gone_are_revoked(bool isGone, string? revoked)
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), life: TimeSpan.FromSeconds(-1));
        _target.AnswerToken = async (call, context) =>
        {
            if (call.Target == "/revoke") return;
            if (isGone) await node.Store.WriteAsync((context, token) => context.Set<LinkedAccount>().Where(row => row.Id == account).ExecuteDeleteAsync(token), Ending);
            else await ChangeAsync(node, account, row => row.Generation++);
            await _target.IssueAsync(call, context);
        };

        await node.GetAsync(account);

        Assert.Equal(revoked, _target.TokenRequests.SingleOrDefault(call => call.Target == "/revoke")?.Form["token"]);
    }

    [Theory]
    [InlineData(503, "")]
    [InlineData(429, """{"error": "invalid_grant"}""")]
    [InlineData(500, """{"error": "server_error"}""")]
    [InlineData(200, "<html>")]
    [InlineData(200, """{"access_token": 5, "token_type": "Bearer"}""")]
    [InlineData(404, "not here")]
    [InlineData(302, "")]
    public async Task While_no_tokens_are_issued_the_old_one_serves_as_long_as_it_lives(int status, string body)
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target));
        await node.GetAsync(account);
        _target.AnswerToken = (_, context) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };

        node.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(200, (await node.GetAsync(account)).Status);
        await UntilAsync(async () => (await node.RowAsync(account)).RefreshUntil is { } until && until == node.Clock.GetUtcNow() + TimeSpan.FromSeconds(5));
        for (var i = 0; i < 10; i++) Assert.Equal(200, (await node.GetAsync(account)).Status);
        Assert.Single(_target.TokenRequests);

        node.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TargetOutcome.Unreachable, (await node.GetAsync(account)).Outcome);
        Assert.Equal(2, _target.TokenRequests.Count);
        Assert.Equal(TargetOutcome.Unreachable, (await node.GetAsync(account)).Outcome);
        Assert.Equal(2, _target.TokenRequests.Count);
        Assert.Equal(AccountState.Linked, (await node.RowAsync(account)).State);

        _target.AnswerToken = null;
        node.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(200, (await node.GetAsync(account)).Status);
    }

    [Fact]
    public async Task An_account_that_got_no_refresh_token_needs_linking_when_its_token_ends()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), canRefresh: false);
        Assert.Equal(200, (await node.GetAsync(account)).Status);

        // As one that can be refreshed would be by now.
        node.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(2));
        for (var i = 0; i < 10; i++) Assert.Equal(200, (await node.GetAsync(account)).Status);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Ending);
        Assert.Equal(AccountState.Linked, (await node.RowAsync(account)).State);

        node.Clock.Advance(TimeSpan.FromSeconds(2));
        var ended = await node.GetAsync(account);
        Assert.Equal(TargetOutcome.NeedsLinking, ended.Outcome);
        Assert.Contains("no lasting access", ended.Detail, StringComparison.Ordinal);
        Assert.Equal(AccountState.NeedsLinking, (await node.RowAsync(account)).State);
        Assert.Empty(_target.TokenRequests);
    }

    [Fact]
    public async Task An_account_that_is_being_unlinked_still_calls_and_keeps_its_state()
    {
        await using var node = await OriginNode.OnSqliteAsync(Patient);
        var account = await node.AddAccountAsync(await node.AddCloudAsync(_target), state: AccountState.Unlinking);
        Assert.Equal(200, (await node.GetAsync(account)).Status);
        _target.EndTokens();
        Assert.Equal(200, (await node.GetAsync(account)).Status);
        _target.EndTokens();
        _target.AnswerToken = Error(400, "invalid_grant");

        Assert.Equal(TargetOutcome.NeedsLinking, (await node.GetAsync(account)).Outcome);
        Assert.Equal(AccountState.Unlinking, (await node.RowAsync(account)).State);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task The_account_of_a_user_is_known_by_memory_and_within_a_second_by_the_store(StoreProvider store)
    {
        await using var node = await OriginNode.OnAsync(store, postgreSql, Patient);
        var (cloud, user) = (await node.AddCloudAsync(_target), UserId.New());
        Assert.Null(await node.Targets.FindAccountAsync(user, cloud.Id, Ending));

        var account = await node.AddAccountAsync(cloud, user: user);
        Assert.Null(await node.Targets.FindAccountAsync(user, cloud.Id, Ending));

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(account, await node.Targets.FindAccountAsync(user, cloud.Id, Ending));
        Assert.Null(await node.Targets.FindAccountAsync(user, Guid.NewGuid(), Ending));
    }

    private static void Patient(CloudLinkingOptions options) =>
        (options.RequestTimeout, options.TokenTimeout, options.RestAfter) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 1_000);

    private static Func<TargetCall, HttpContext, Task> Error(int status, string error) => (_, context) =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($$"""{"error": "{{error}}", "error_description": "<b>from there</b>"}""");
    };

    private static Task ChangeAsync(OriginNode node, Guid account, Action<LinkedAccount> change) => node.Store.WriteAsync(
        async (context, token) => change(await context.Set<LinkedAccount>().AsTracking().SingleAsync(row => row.Id == account, token)), Ending);

    private static Task HoldAsync(OriginNode node, Guid account, Guid holder) =>
        ChangeAsync(node, account, row => (row.RefreshNode, row.RefreshUntil) = (holder, node.Clock.GetUtcNow() + TimeSpan.FromMinutes(5)));

    private void Answers(int status) => _target.Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(10, deadline.Token);
    }
}
