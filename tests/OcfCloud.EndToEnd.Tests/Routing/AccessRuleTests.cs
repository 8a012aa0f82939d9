using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Routing;

/// <summary>device-to-cloud.md, 8: a user's access rules, set by the mediator API while everything runs.</summary>
public sealed class AccessRuleTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private static readonly TimeSpan InForce = TimeSpan.FromSeconds(5);

    private CloudUser User => fixture.User;

    [Fact]
    public async Task A_subject_that_is_named_may_do_only_what_its_rules_allow_and_others_everything()
    {
        await using var pair = await Pair.JoinAsync(User);
        await using var other = new TestDevice(fixture.Cloud);
        await other.JoinAsync(User);
        var di = pair.Device.Id.ToString();
        await User.SetAccessRulesAsync((pair.Client.Id.ToString(), di, "/light", ["retrieve"]), (pair.Client.Id.ToString(), "*", "/open/*", ["create", "retrieve", "update", "delete", "notify"]));
        await Eventually.EqualAsync("4.03", async () => (await pair.Client.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))).CodeText, InForce);

        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        while (pair.Device.Connection.Requests.TryRead(out _))
        {
        }

        foreach (var (method, path) in ((string, string)[])[("GET", "/oic/d"), ("POST", "/light"), ("PUT", "/light"), ("PATCH", "/light"), ("DELETE", "/light"), ("GET", "/lightning"), ("GET", "/open"), ("GET", "/light/more")])
        {
            Assert.Equal("4.03", (await pair.Client.RequestAsync(method, pair.PathOf(path))).CodeText);
        }

        Assert.Equal("4.03", (await (await pair.Client.ObserveAsync(pair.PathOf("/light"))).NextAsync()).CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();

        // 4.04 is the device's own: it has no such resource.
        Assert.Equal("4.04", (await pair.Client.RequestAsync("DELETE", pair.PathOf("/open/door"))).CodeText);
        Assert.Equal("2.04", (await other.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))).CodeText);

        await User.SetAccessRulesAsync();
        await Eventually.EqualAsync("2.04", async () => (await pair.Client.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))).CodeText, InForce);
    }

    [Fact]
    public async Task Live_observations_that_are_no_longer_allowed_end_with_4_03_and_others_go_on()
    {
        await using var pair = await Pair.JoinAsync(User);
        await using var other = new TestDevice(fixture.Cloud);
        await other.JoinAsync(User);
        var refused = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var allowed = await other.ObserveAsync(pair.PathOf("/light"));
        await refused.NextMapAsync();
        await allowed.NextMapAsync();
        await User.SetAccessRulesAsync((pair.Client.Id.ToString(), "*", "*", ["retrieve"]));
        var last = await refused.NextAsync().WaitAsync(InForce, TestContext.Current.CancellationToken);
        Assert.Equal("4.03", last.CodeText);
        Assert.Null(last.Find(WireOption.Observe));

        pair.Press(1);
        Assert.Equal(1L, (await allowed.NextMapAsync())["value"]);
        await pair.Client.Connection.PingAsync();
        refused.NothingMore();
        await User.SetAccessRulesAsync();
    }

    [Fact]
    public async Task A_rule_for_everybody_adds_to_what_the_named_ones_may_and_names_nobody()
    {
        await using var pair = await Pair.JoinAsync(User);
        await using var other = new TestDevice(fixture.Cloud);
        await other.JoinAsync(User);
        await User.SetAccessRulesAsync((pair.Client.Id.ToString(), "*", "/elsewhere", ["retrieve"]), ("*", pair.Device.Id.ToString(), "/li*", ["retrieve"]));
        await Eventually.EqualAsync("4.03", async () => (await pair.Client.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))).CodeText, InForce);
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        Assert.Equal("2.04", (await other.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))).CodeText);
        await User.SetAccessRulesAsync();
    }
}
