using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Accounts;

/// <summary>device-to-cloud.md, 3: a device registers, registers again and deregisters.</summary>
public sealed class SignUpTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task The_answer_has_what_the_schema_asks_for()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var answer = await device.TrySignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        Assert.Equal("2.04", answer.CodeText);
        var body = Cbor.DecodeMap(answer.Payload);
        Assert.Equal(["accesstoken", "expiresin", "refreshtoken", "uid"], body.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3600L, body["expiresin"]);
        foreach (var token in (string[])[device.Tokens.AccessToken, device.Tokens.RefreshToken])
        {
            Assert.Matches("^[A-Za-z0-9_-]{43}$", token);
        }

        Assert.Matches("^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", device.Tokens.Uid);
        Assert.True(device.Tokens.Uid.Length + device.Tokens.AccessToken.Length <= 86);
    }

    [Fact]
    public async Task A_repeated_sign_up_before_the_first_sign_in_gets_a_fresh_answer_and_both_are_valid()
    {
        var token = await User.CreateDeviceTokenAsync();
        await using var lost = new TestDevice(Cloud);
        await lost.ConnectAsync();
        await lost.SignUpAsync(token);

        await using var repeated = new TestDevice(Cloud, lost.Id);
        await repeated.ConnectAsync();
        await repeated.SignUpAsync(token);
        Assert.NotEqual(lost.Tokens, repeated.Tokens);
        Assert.Equal(lost.Tokens.Uid, repeated.Tokens.Uid);

        // The first answer was not lost after all: it counts from its first use on, and the other one is over.
        await lost.SignInAsync();
        Assert.Equal("4.01", (await repeated.TrySignInAsync()).CodeText);
        await using var late = new TestDevice(Cloud, lost.Id);
        await late.ConnectAsync();
        Assert.Equal("4.01", (await late.TrySignUpAsync(token)).CodeText);
        await late.Connection.EndAsync();
        await lost.Connection.PingAsync();
    }

    [Fact]
    public async Task A_one_time_token_of_another_device_used_by_another_or_unknown_is_refused_and_the_connection_closed()
    {
        await using var first = new TestDevice(Cloud);
        await using var other = new TestDevice(Cloud);
        var unbound = await User.CreateDeviceTokenAsync();
        await first.ConnectAsync();
        await first.SignUpAsync(unbound);

        foreach (var token in (string[])[unbound, await User.CreateDeviceTokenAsync(first.Id), "unknown", first.Tokens.AccessToken, first.Tokens.RefreshToken, User.Bearer])
        {
            await other.ConnectAsync();
            Assert.Equal("4.01", (await other.TrySignUpAsync(token)).CodeText);
            await other.Connection.EndAsync();
        }

        Assert.Null(await User.StatusOfAsync(other.Id));
    }

    [Fact]
    public async Task An_unknown_authorization_provider_is_refused_and_ours_none_or_an_empty_one_taken()
    {
        await using var device = new TestDevice(Cloud);
        var token = await User.CreateDeviceTokenAsync(device.Id);
        await device.ConnectAsync();
        Assert.Equal("4.01", (await SignUpAsync("github")).CodeText);
        await device.Connection.EndAsync();
        foreach (var provider in (string?[])["ocfcloud", null, ""])
        {
            await device.ConnectAsync();
            Assert.Equal("2.04", (await SignUpAsync(provider)).CodeText);
        }

        Task<WireMessage> SignUpAsync(string? provider) => device.RequestAsync("POST", "/oic/sec/account", provider is null
            ? Cbor.Map(("di", device.Id.ToString()), ("accesstoken", token))
            : Cbor.Map(("di", device.Id.ToString()), ("accesstoken", token), ("authprovider", provider)));
    }

    [Fact]
    public async Task The_device_of_another_user_is_forbidden_until_that_user_removes_it()
    {
        var bob = await fixture.AnotherUserAsync();
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(User);
        await using var taken = new TestDevice(Cloud, device.Id);
        var token = await bob.CreateDeviceTokenAsync(device.Id);
        await taken.ConnectAsync();
        Assert.Equal("4.03", (await taken.TrySignUpAsync(token)).CodeText);
        await taken.Connection.EndAsync();
        await device.Connection.PingAsync();

        Assert.Equal(HttpStatusCode.NotFound, await bob.RemoveDeviceAsync(device.Id));
        Assert.Equal(HttpStatusCode.NoContent, await User.RemoveDeviceAsync(device.Id));
        await device.Connection.EndAsync();
        await taken.ConnectAsync();
        await taken.SignUpAsync(token);
        Assert.NotEqual(device.Tokens.Uid, taken.Tokens.Uid);
        await taken.SignInAsync();
        Assert.Empty(await taken.DiscoverAsync());
    }

    [Fact]
    public async Task Registering_again_gives_new_tokens_ends_the_session_elsewhere_and_keeps_the_links()
    {
        await using var client = new TestDevice(Cloud);
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.again"));
        await client.JoinAsync(User);
        await device.JoinAsync(User);
        var before = Cbor.DecodeMap((await device.TryPublishAsync()).Payload)["links"];
        var links = await client.ObserveAsync("/oic/res?rt=oic.r.again");
        await links.NextAsync();

        await using var again = new TestDevice(Cloud, device.Id, ("/light", "oic.r.again"));
        await again.ConnectAsync();
        await again.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        await device.Connection.EndAsync();
        Assert.Contains(device.Connection.Received, m => m.Code == WireMessage.Release);
        Assert.Equal(device.Tokens.Uid, again.Tokens.Uid);
        await device.ConnectAsync();
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        Assert.Equal("4.01", (await device.TryRefreshAsync()).CodeText);

        await again.SignInAsync();
        Assert.Equivalent(before, Cbor.DecodeMap((await again.TryPublishAsync()).Payload)["links"], strict: true);
        Assert.Equal([device.PathOf("/light")], await client.DiscoverAsync("?rt=oic.r.again"));

        // No second "registered" and no change of a link: the observer hears of the next real change alone.
        Assert.Equal("2.02", (await again.RequestAsync("DELETE", $"/oic/rd?di={device.Id}")).CodeText);
        Assert.Empty(Cbor.DecodeList((await links.NextAsync()).Payload));
    }

    [Fact]
    public async Task Registering_again_on_its_own_connection_ends_the_session_and_keeps_the_connection()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        var old = device.Tokens;
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        Assert.Equal("4.01", (await device.RequestAsync("GET", "/oic/rd")).CodeText);
        await device.SignInAsync();
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(device.Id));
        device.Tokens = old;
        Assert.Equal("4.01", (await device.TryRefreshAsync()).CodeText);
    }

    [Fact]
    public async Task A_connection_is_bound_to_its_first_device_and_user()
    {
        using var makers = DeviceCertificates.Issue(Cloud, Guid.NewGuid().ToString());
        await using var first = new TestDevice(Cloud, Guid.NewGuid(), DeviceCertificates.Issue(Cloud, "maker"));
        await using var second = new TestDevice(Cloud, Guid.NewGuid(), makers);
        await first.JoinAsync(User);
        await second.ConnectAsync();
        await second.SignUpAsync(await User.CreateDeviceTokenAsync());

        // The second device's true tokens on the first one's connection.
        var di = second.Id.ToString();
        Assert.Equal("4.01", (await first.RequestAsync("POST", "/oic/sec/session", Cbor.Map(("uid", second.Tokens.Uid), ("di", di), ("accesstoken", second.Tokens.AccessToken), ("login", true)))).CodeText);
        Assert.Equal("4.01", (await first.RequestAsync("POST", "/oic/sec/tokenrefresh", Cbor.Map(("uid", second.Tokens.Uid), ("di", di), ("refreshtoken", second.Tokens.RefreshToken)))).CodeText);
        Assert.Equal("4.01", (await first.RequestAsync("DELETE", $"/oic/sec/account?di={di}&accesstoken={second.Tokens.AccessToken}")).CodeText);
        Assert.Equal("4.01", (await first.RequestAsync("DELETE", $"/oic/rd?di={di}")).CodeText);
        Assert.Equal("4.01", (await first.RequestAsync("POST", "/oic/sec/account", Cbor.Map(("di", di), ("accesstoken", await User.CreateDeviceTokenAsync())))).CodeText);
        await first.Connection.EndAsync();
        await second.SignInAsync();
    }

    [Fact]
    public async Task A_device_deregisters_in_its_session_without_naming_itself()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.leaving"));
        await using var client = new TestDevice(Cloud);
        await client.JoinAsync(User);
        var token = await User.CreateDeviceTokenAsync(device.Id);
        await device.ConnectAsync();
        await device.SignUpAsync(token);
        await device.SignInAsync();
        await device.PublishAsync();
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", "/oic/sec/account")).CodeText);

        Assert.Empty(await client.DiscoverAsync("?rt=oic.r.leaving"));
        Assert.Equal("4.04", (await client.RequestAsync("GET", device.PathOf("/light"))).CodeText);
        Assert.Null(await User.StatusOfAsync(device.Id));
        Assert.Equal("4.01", (await device.RequestAsync("GET", "/oic/rd")).CodeText);
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        Assert.Equal("4.01", (await device.TryRefreshAsync()).CodeText);

        // The one-time token that registered it is dead too.
        Assert.Equal("4.01", (await device.TrySignUpAsync(token)).CodeText);
    }

    [Theory]
    [InlineData("di", "9d2c7f5a-7a76-4bd0-8f0e-2f0f8a6f9c11", "4.01")]
    [InlineData("uid", "9d2c7f5a-7a76-4bd0-8f0e-2f0f8a6f9c11", "4.01")]
    [InlineData("accesstoken", "another", "4.01")]
    [InlineData("di", "nonsense", "4.00")]
    [InlineData("uid", "nonsense", "4.00")]
    [InlineData("accesstoken", "", "4.00")]
    public async Task What_a_deregistration_names_must_be_its_own_with_and_without_a_session(string name, string value, string code)
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        var query = new Dictionary<string, string> { ["di"] = device.Id.ToString(), ["uid"] = device.Tokens.Uid, ["accesstoken"] = device.Tokens.AccessToken };
        var right = Query();
        query[name] = value;
        Assert.Equal(code, (await device.RequestAsync("DELETE", "/oic/sec/account" + Query())).CodeText);
        await device.ConnectAsync();
        Assert.Equal(code, (await device.RequestAsync("DELETE", "/oic/sec/account" + Query())).CodeText);

        // It is still there, and the connection too.
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", "/oic/sec/account" + right)).CodeText);
        Assert.Null(await User.StatusOfAsync(device.Id));

        string Query() => "?" + string.Join('&', query.Select(q => $"{q.Key}={q.Value}"));
    }

    [Fact]
    public async Task Without_a_session_a_deregistration_needs_di_and_accesstoken_and_closes_the_session_elsewhere()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await using var elsewhere = new TestDevice(Cloud, device.Id);
        await elsewhere.ConnectAsync();
        Assert.Equal("4.00", (await elsewhere.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
        Assert.Equal("4.00", (await elsewhere.RequestAsync("DELETE", $"/oic/sec/account?di={device.Id}")).CodeText);
        Assert.Equal("4.00", (await elsewhere.RequestAsync("DELETE", $"/oic/sec/account?accesstoken={device.Tokens.AccessToken}&uid={device.Tokens.Uid}")).CodeText);
        Assert.Equal("2.02", (await elsewhere.RequestAsync("DELETE", $"/oic/sec/account?di={device.Id}&accesstoken={device.Tokens.AccessToken}")).CodeText);
        await device.Connection.EndAsync();
        Assert.Null(await User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_device_that_its_user_removes_loses_its_connection_and_its_tokens()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        Assert.Equal(HttpStatusCode.NoContent, await User.RemoveDeviceAsync(device.Id));
        await device.Connection.EndAsync();
        await device.ConnectAsync();
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        Assert.Equal("4.01", (await device.TryRefreshAsync()).CodeText);
        Assert.Equal(HttpStatusCode.NotFound, await User.RemoveDeviceAsync(device.Id));
    }

    [Fact]
    public async Task A_device_that_the_operator_removes_beside_the_running_host_is_gone_within_5_seconds()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        (await Cloud.ArrangeAsync("device", "remove", device.Id.ToString())).Succeeded();
        await device.Connection.Ended.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await device.ConnectAsync();
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
    }

    [Fact]
    public async Task A_user_who_is_removed_takes_the_devices_along()
    {
        var carol = await fixture.AnotherUserAsync("carol");
        await using var device = new TestDevice(Cloud);
        await using var other = new TestDevice(Cloud);
        await device.JoinAsync(carol);
        await other.JoinAsync(User);
        var unused = await carol.CreateDeviceTokenAsync();
        (await Cloud.ArrangeAsync("user", "remove", carol.Name)).Succeeded();
        await device.Connection.Ended.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await device.ConnectAsync();
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        Assert.Equal("4.01", (await device.TrySignUpAsync(unused)).CodeText);
        await other.Connection.PingAsync();

        // Nobody owns the device now.
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
    }
}
