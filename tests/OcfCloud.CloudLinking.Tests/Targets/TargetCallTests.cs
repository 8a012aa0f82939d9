using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Outbound;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>Requests to Targets that behave, and to such that do not.</summary>
public sealed class TargetCallTests : IAsyncLifetime
{
    private OriginNode _node = null!;
    private TestTarget _target = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await OriginNode.OnSqliteAsync(options => options.RequestTimeout = TimeSpan.FromSeconds(60));
        _target = await TestTarget.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_request_goes_out_as_it_is_with_the_token_and_a_correlation_id(HttpProtocols protocols)
    {
        await using var target = await TestTarget.StartAsync(protocols: protocols);
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(target));
        target.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 202;
            context.Response.ContentType = "application/vnd.ocf+cbor; a=b";
            context.Response.Headers.ETag = "\"7\"";
            await context.Response.Body.WriteAsync(new byte[] { 0xA0 });
        };

        var answer = await _node.Targets.SendAsync(
            account,
            new TargetRequest(HttpMethod.Post, "/api/v1/devices/0/a%2Fb?if=oic.if.baseline&x=%41+%7e")
            {
                Accept = "application/vnd.ocf+cbor, application/json;q=0.5",
                ContentType = "application/json",
                Body = "{}"u8.ToArray(),
            },
            Ending);

        Assert.Equal((TargetOutcome.Answered, 202, "application/vnd.ocf+cbor; a=b", "\"7\""), (answer.Outcome, answer.Status, answer.ContentType, answer.ETag));
        Assert.Equal([0xA0], answer.Body.ToArray());
        var call = Assert.Single(target.Calls);
        Assert.Equal(("POST", "/api/v1/devices/0/a%2Fb?if=oic.if.baseline&x=%41+%7e", "{}"), (call.Method, call.Target, call.Text));
        Assert.Equal("Bearer access-1", call.Headers["Authorization"]);
        Assert.Equal("application/vnd.ocf+cbor, application/json;q=0.5", call.Headers["Accept"]);
        Assert.Equal("application/json", call.Headers["Content-Type"]);
        Assert.True(Guid.TryParse(call.Headers["Correlation-ID"], out _));
    }

    [Fact]
    public async Task A_delete_asks_for_no_type_and_keeps_the_callers_correlation_id()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));

        await _node.Targets.SendAsync(account, new TargetRequest(HttpMethod.Delete, "/api/v1/devices/subscriptions/1") { CorrelationId = "mine" }, Ending);

        var call = Assert.Single(_target.Calls);
        Assert.False(call.Headers.ContainsKey("Accept"));
        Assert.False(call.Headers.ContainsKey("Content-Type"));
        Assert.Equal("mine", call.Headers["Correlation-ID"]);
    }

    [Theory]
    [InlineData("/api/v1/devices/../../admin")]
    [InlineData("/api/v1/devices/%2e%2E/admin")]
    [InlineData("/api/v1/devices/a%2F..%2Fadmin")]
    [InlineData("/api/v1/devices/a b")]
    [InlineData("/api/v1/devices/a\r\nX: y")]
    [InlineData("api/v1/devices")]
    public async Task A_path_that_leads_out_of_the_API_is_not_sent(string path)
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));

        Assert.Equal(404, (await _node.GetAsync(account, path)).Status);
        Assert.Empty(_target.Calls);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        _target.Answer = (_, context) =>
        {
            context.Response.Redirect(_target.Url + "/elsewhere");
            return Task.CompletedTask;
        };

        Assert.Equal(302, (await _node.GetAsync(account)).Status);
        Assert.Single(_target.Calls);
    }

    [Fact]
    public async Task An_endless_body_is_cut()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        var ended = new TaskCompletionSource();
        _target.Answer = async (_, context) =>
        {
            try
            {
                while (true) await context.Response.Body.WriteAsync(new byte[4096], context.RequestAborted);
            }
            finally
            {
                ended.SetResult();
            }
        };

        Assert.Equal(TargetOutcome.TooLarge, (await _node.GetAsync(account)).Outcome);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Ending);
    }

    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_not_read()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        _target.Answer = async (_, context) =>
        {
            context.Response.ContentLength = 2_000_000_000;
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        Assert.Equal(TargetOutcome.TooLarge, (await _node.GetAsync(account)).Outcome);
    }

    [Fact]
    public async Task Endless_headers_are_no_answer()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        _target.Answer = (_, context) =>
        {
            for (var i = 0; i < 100; i++) context.Response.Headers[$"X-{i}"] = new string('x', 1000);
            return Task.CompletedTask;
        };

        Assert.NotEqual(TargetOutcome.Answered, (await _node.GetAsync(account)).Outcome);
    }

    [Fact]
    public async Task A_Target_that_does_not_answer_costs_the_time_that_is_set_and_nobody_else_anything()
    {
        await using var node = await OriginNode.OnSqliteAsync(options => (options.RequestTimeout, options.MaxParallelRequests) = (TimeSpan.FromSeconds(6), 4));
        await using var other = await TestTarget.StartAsync();
        _target.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var slow = await node.AddAccountAsync(await node.AddCloudAsync(_target));
        var quick = await node.AddAccountAsync(await node.AddCloudAsync(other));
        await node.GetAsync(quick);

        var waiting = Enumerable.Range(0, 20).Select(_ => node.GetAsync(slow)).ToList();
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await node.GetAsync(quick)).Status);
        Assert.All(waiting, asked => Assert.False(asked.IsCompleted));

        // The others had no place, or got one when it was too late.
        var outcomes = (await Task.WhenAll(waiting)).Select(answer => answer.Outcome).ToList();
        Assert.True(outcomes.Count(outcome => outcome == TargetOutcome.TimedOut) >= 4);
        Assert.All(outcomes, outcome => Assert.True(outcome is TargetOutcome.TimedOut or TargetOutcome.Unavailable));
    }

    [Fact]
    public async Task An_asker_that_leaves_does_not_wait()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        var arrived = new TaskCompletionSource();
        _target.Answer = (_, context) =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using var leave = new CancellationTokenSource();

        var asked = _node.Targets.SendAsync(account, new TargetRequest(HttpMethod.Get, "/api/v1/devices"), leave.Token);
        await arrived.Task.WaitAsync(Ending);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task A_Target_that_is_down_is_unreachable()
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        await _target.StopAsync();

        var answer = await _node.GetAsync(account);

        Assert.Equal((TargetOutcome.Unreachable, "The other cloud takes no connection."), (answer.Outcome, answer.Detail));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_or_for_another_name_is_not_trusted()
    {
        using var authority = new TestAuthority();
        await using var misnamed = await TestTarget.StartAsync(authority.Issue(dnsName: "other.example"), authority);
        var untrusted = await _node.AddAccountAsync(await _node.AddCloudAsync(_target, cloud => cloud.TrustAnchors = authority.Pem));
        var wrongName = await _node.AddAccountAsync(await _node.AddCloudAsync(misnamed));

        foreach (var account in new[] { untrusted, wrongName })
        {
            var answer = await _node.GetAsync(account);
            Assert.Equal((TargetOutcome.Unreachable, "There is no trusted TLS with the other cloud."), (answer.Outcome, answer.Detail));
        }

        Assert.Empty(_target.Calls);
        Assert.Empty(misnamed.Calls);
    }

    [Fact]
    public async Task Trust_roots_that_an_administrator_changed_count_within_a_second()
    {
        var cloud = await _node.AddCloudAsync(_target, cloud => cloud.TrustAnchors = null);
        var account = await _node.AddAccountAsync(cloud);
        Assert.Equal(TargetOutcome.Unreachable, (await _node.GetAsync(account)).Outcome);

        await _node.ChangeAsync(cloud, row => row.TrustAnchors = _target.Anchors);
        _node.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, (await _node.GetAsync(account)).Status);
    }

    [Fact]
    public async Task A_request_under_way_comes_to_its_end_on_the_old_connections_when_the_cloud_changes()
    {
        var cloud = await _node.AddCloudAsync(_target);
        var account = await _node.AddAccountAsync(cloud);
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _target.Answer = (_, _) =>
        {
            arrived.SetResult();
            return go.Task;
        };

        var first = _node.GetAsync(account);
        await arrived.Task.WaitAsync(Ending);
        await _node.ChangeAsync(cloud, row => row.TrustAnchors += "\n");
        _node.Clock.Advance(TimeSpan.FromSeconds(1));
        _target.Answer = null;
        Assert.Equal(200, (await _node.GetAsync(account)).Status);
        go.SetResult();

        Assert.Equal(200, (await first).Status);
    }

    [Fact]
    public async Task A_Target_that_asks_for_a_certificate_is_shown_the_clouds_or_ours()
    {
        using var authority = new TestAuthority();
        await using var target = await TestTarget.StartAsync(authority: authority, wantsCertificate: true, protocols: HttpProtocols.Http1);
        using var own = authority.Issue("own");
        using var special = authority.Issue("special");
        var shown = System.Net.Security.SslStreamCertificateContext.Create(own, null, offline: true);
        await using var node = await OriginNode.OnSqliteAsync(options => options.OwnCertificate = () => shown);
        var plain = await node.AddAccountAsync(await node.AddCloudAsync(target));
        var configured = await node.AddAccountAsync(await node.AddCloudAsync(target, cloud =>
        {
            cloud.ClientCertificate = special.ExportCertificatePem();
            cloud.ClientKey = node.Get<SealedSecrets>().Seal(SecretPurpose.ClientKey, special.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }));

        await node.GetAsync(plain);
        await node.GetAsync(configured);

        Assert.Equal(["CN=own", "CN=special"], target.Calls.Select(call => call.ClientCertificate));
    }

    [Fact]
    public async Task Trust_roots_and_certificate_of_a_cloud_are_for_the_hosts_that_the_administrator_named()
    {
        using var authority = new TestAuthority();
        await using var target = await TestTarget.StartAsync(authority: authority, wantsCertificate: true, protocols: HttpProtocols.Http1);
        using var own = authority.Issue("own");
        var shown = System.Net.Security.SslStreamCertificateContext.Create(own, null, offline: true);
        await using var node = await OriginNode.OnSqliteAsync(options => options.OwnCertificate = () => shown);
        node.Get<OutboundOptions>().AllowedNetworks.Add(System.Net.IPNetwork.Parse("127.0.0.0/8"));
        var elsewhere = target.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal) + "/token";
        var fromMetadata = await node.AddCloudAsync(target, cloud => (cloud.Issuer, cloud.TokenEndpoint) = (cloud.Url, elsewhere));
        var named = await node.AddCloudAsync(target, cloud => (cloud.Issuer, cloud.TokenEndpoint) = (null, elsewhere));

        Assert.Equal("There is no trusted TLS with the other cloud.", (await node.Tokens.RefreshAsync(fromMetadata, "refresh-1", Ending)).Words);
        Assert.NotNull((await node.Tokens.RefreshAsync(named, "refresh-1", Ending)).Tokens);

        // Another one that trusts the host by the operator's settings shows it nothing all the same.
        await using var trusting = await OriginNode.OnSqliteAsync(options => options.OwnCertificate = () => shown);
        trusting.Get<OutboundOptions>().AllowedNetworks.Add(System.Net.IPNetwork.Parse("127.0.0.0/8"));
        trusting.Get<OutboundOptions>().TrustAnchors.ImportFromPem(authority.Pem);
        var known = await trusting.AddCloudAsync(target, cloud => (cloud.Issuer, cloud.TokenEndpoint) = (cloud.Url, elsewhere));
        Assert.NotNull((await trusting.Tokens.RefreshAsync(known, "refresh-1", Ending)).Tokens);
        target.Answer = (_, _) => Task.CompletedTask;
        await trusting.GetAsync(await trusting.AddAccountAsync(known));
        Assert.Equal(["CN=own", null], target.TokenRequests.Select(call => call.ClientCertificate));
        Assert.Equal("CN=own", target.Calls.Last().ClientCertificate);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("86400", 300)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("Fri, 27 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Fri, 27 Nov 2020 12:00:30 GMT", 0)]
    public async Task Retry_After_is_kept_within_bounds(string said, int? seconds)
    {
        var account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
        _target.Answer = (_, context) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = said;
            return Task.CompletedTask;
        };

        var answer = await _node.GetAsync(account);

        Assert.Equal((503, seconds), (answer.Status, (int?)answer.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public async Task An_account_that_is_not_there_needs_linking() =>
        Assert.Equal(TargetOutcome.NeedsLinking, (await _node.GetAsync(Guid.NewGuid())).Outcome);
}
