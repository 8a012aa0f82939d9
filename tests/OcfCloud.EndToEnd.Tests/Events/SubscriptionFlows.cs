using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Events;

/// <summary>cloud-to-cloud.md, 1.4, from the device's wire to a receiver that is not ours.</summary>
public abstract class SubscriptionFlows(EventfulCloud fixture)
{
    private Cloud Cloud => fixture.Cloud;

    private EventReceiver Receiver => fixture.Receiver;

    [Fact]
    public async Task Devices_of_a_user_are_told_first_as_they_are_and_then_as_they_change()
    {
        var user = await fixture.NewUserAsync();
        await using var first = await JoinedAsync(user, "/light");
        await using var second = await JoinedAsync(user, "/light");
        second.Connection.Reset();
        await Eventually.EqualAsync("offline", () => user.StatusOfAsync(second.Id));

        // In the order of the request, whatever that is.
        var url = Receiver.NewUrl();
        var subscription = await user.SubscribeAsync("", url, ["devices_online", "devices_unregistered", "devices_registered", "devices_offline"], null, "links-4711");
        var told = await Receiver.WaitAsync(url, 4);
        Assert.Equal(["devices_online", "devices_unregistered", "devices_registered", "devices_offline"], told.Select(e => e.Type));
        Assert.Equal([first.Id], told[0].Devices);
        Assert.Equal("[]", told[1].Text);
        Assert.Equal(new[] { first.Id, second.Id }.Order(), told[2].Devices.Order());
        Assert.Equal([second.Id], told[3].Devices);

        await second.ReturnAsync();
        Assert.Equal(("devices_online", second.Id), One((await Receiver.WaitAsync(url, 5))[4]));
        first.Connection.Reset();
        Assert.Equal(("devices_offline", first.Id), One((await Receiver.WaitAsync(url, 6))[5]));
        await using var third = new TestDevice(Cloud);
        await third.ConnectAsync();
        await third.SignUpAsync(await user.CreateDeviceTokenAsync(third.Id));
        Assert.Equal(("devices_registered", third.Id), One((await Receiver.WaitAsync(url, 7))[6]));
        await third.SignInAsync();
        Assert.Equal(("devices_online", third.Id), One((await Receiver.WaitAsync(url, 8))[7]));
        Assert.Equal(HttpStatusCode.NoContent, await user.RemoveDeviceAsync(first.Id));
        Assert.Equal(("devices_unregistered", first.Id), One((await Receiver.WaitAsync(url, 9))[8]));

        // Another user's devices are nobody else's business.
        await using var strange = await JoinedAsync(await fixture.NewUserAsync(), "/light");
        Assert.Equal(HttpStatusCode.Accepted, await user.UnsubscribeAsync(subscription));
        var all = await Receiver.WaitAsync(url, 10);
        AssertWellFormed(all, subscription, "links-4711");
        Assert.Equal(("subscription_cancelled", 9L, "", null), (all[9].Type, all[9].Number, all[9].Text, all[9].ContentType));
        Assert.Equal(HttpStatusCode.NotFound, await user.UnsubscribeAsync(subscription));
        Assert.Equal(HttpStatusCode.NotFound, await user.StatusOfSubscriptionAsync(subscription));
    }

    [Fact]
    public async Task Links_of_a_device_are_told_as_they_are_published_and_unpublished()
    {
        var user = await fixture.NewUserAsync();
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"), ("/fan", "oic.r.fan"));
        await device.JoinAsync(user);
        var url = Receiver.NewUrl();
        var subscription = await user.SubscribeAsync($"/{device.Id}", url, "resources_published", "resources_unpublished");
        var told = await Receiver.WaitAsync(url, 2);
        Assert.Equal(("resources_published", "resources_unpublished", "[]"), (told[0].Type, told[1].Type, told[1].Text));
        Assert.Equal([$"/{device.Id}/fan", $"/{device.Id}/light"], told[0].Hrefs);
        var link = told[0].Json.EnumerateArray().First(l => l.GetProperty("href").GetString()!.EndsWith("/light", StringComparison.Ordinal));
        Assert.Equal("oic.r.light", link.GetProperty("rt")[0].GetString());
        Assert.Equal("oic.if.a", link.GetProperty("if")[0].GetString());

        var more = new DeviceResource("/more", "oic.r.more");
        var answer = await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", new List<object> { more.Link }), ("ttl", 0)));
        Assert.Equal("2.04", answer.CodeText);
        var published = (await Receiver.WaitAsync(url, 3))[2];
        Assert.Equal(("resources_published", $"/{device.Id}/more"), (published.Type, Assert.Single(published.Hrefs)));

        var ins = (await Receiver.WaitAsync(url, 3)).Count;
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", $"/oic/rd?di={device.Id}")).CodeText);
        var unpublished = (await Receiver.WaitAsync(url, ins + 1))[ins];
        Assert.Equal("resources_unpublished", unpublished.Type);
        Assert.Equal([$"/{device.Id}/fan", $"/{device.Id}/light", $"/{device.Id}/more"], unpublished.Hrefs);
        AssertWellFormed(Receiver.At(url), subscription);
    }

    [Fact]
    public async Task A_resource_is_told_as_it_is_and_as_it_changes_in_the_encoding_asked_for()
    {
        var user = await fixture.NewUserAsync();
        await using var device = await JoinedAsync(user, "/light");
        device.Resources[0].Change(new Dictionary<string, object?> { ["value"] = 1 });
        await Eventually.EqualAsync(1, () => Task.FromResult(device.Resources[0].ObserverCount));
        var (json, cbor) = (Receiver.NewUrl(), Receiver.NewUrl());
        var first = await user.SubscribeAsync($"/{device.Id}/light", json, "resource_contentchanged");
        var second = await user.SubscribeAsync($"/{device.Id}/light", cbor, ["resource_contentchanged"], "application/vnd.ocf+cbor", null);
        await Receiver.WaitAsync(json, 1);
        await Receiver.WaitAsync(cbor, 1);
        for (var value = 2; value <= 4; value++)
        {
            device.Resources[0].Change(new Dictionary<string, object?> { ["value"] = value });
            await WaitForValueAsync(json, value);
        }

        // What it was before the first change may still be known when the subscription begins: told first then, and no number.
        var told = (await Receiver.WaitAsync(json, 4)).Select(e => e.Json.GetProperty("value")).ToList();
        var changes = told.SkipWhile(value => value.ValueKind == System.Text.Json.JsonValueKind.False).Select(value => value.GetInt32()).ToList();
        Assert.Equal(changes.Order(), changes);
        Assert.Equal(4, changes[^1]);
        Assert.All(Receiver.At(json), e => Assert.Equal("application/json", e.ContentType));
        var last = (await Receiver.WaitAsync(cbor, told.Count))[^1];
        Assert.Equal("application/vnd.ocf+cbor", last.ContentType);
        Assert.Equal(4L, Cbor.DecodeMap(last.Body)["value"]);
        AssertWellFormed(Receiver.At(json), first);
        AssertWellFormed(Receiver.At(cbor), second);
    }

    [Fact]
    public async Task Subscribing_to_a_resource_of_an_offline_device_tells_the_last_known_value()
    {
        var user = await fixture.NewUserAsync();
        await using var device = await JoinedAsync(user, "/light");
        var known = Receiver.NewUrl();
        await user.SubscribeAsync($"/{device.Id}/light", known, "resource_contentchanged");
        await Receiver.WaitAsync(known, 1);
        device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => user.StatusOfAsync(device.Id));
        var url = Receiver.NewUrl();
        await user.SubscribeAsync($"/{device.Id}/light", url, "resource_contentchanged");
        Assert.False((await Receiver.WaitAsync(url, 1))[0].Json.GetProperty("value").GetBoolean());
    }

    [Fact]
    public async Task A_receiver_that_refuses_for_a_while_gets_all_in_order_and_the_same_again()
    {
        var user = await fixture.NewUserAsync();
        await using var device = await JoinedAsync(user, "/light");
        var url = Receiver.NewUrl("500,500,302,hang,204,503,204");
        var subscription = await user.SubscribeAsync($"/{device.Id}", url, "resources_published", "resources_unpublished");
        await Receiver.WaitAsync(url, 1);
        await PublishAsync(device, "/more");
        var received = await Receiver.WaitAsync(url, 8);
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 2], received.Select(e => e.Number));
        foreach (var attempts in received.GroupBy(e => e.Number))
        {
            Assert.Single(attempts.Select(e => (e.Type, e.Timestamp, e.Signature, e.Text)).Distinct());
        }

        AssertWellFormed(received, subscription);
        var state = (await user.ReadSubscriptionAsync(subscription)).GetProperty("delivery");
        await Eventually.EqualAsync(0, async () => (await user.ReadSubscriptionAsync(subscription)).GetProperty("delivery").GetProperty("undelivered").GetInt32());
        Assert.Equal(3, state.GetProperty("nextSequenceNumber").GetInt32());
    }

    [Fact]
    public async Task Gone_ends_a_subscription_silently()
    {
        var user = await fixture.NewUserAsync();
        await using var device = await JoinedAsync(user, "/light");
        var url = Receiver.NewUrl("204,410,204");
        var subscription = await user.SubscribeAsync($"/{device.Id}", url, "resources_published", "resources_unpublished");
        await Receiver.WaitAsync(url, 2);
        await Eventually.EqualAsync(HttpStatusCode.NotFound, () => user.StatusOfSubscriptionAsync(subscription));
        await PublishAsync(device, "/more");
        await AssertSilentAsync(user, url, 2);
    }

    [Fact]
    public async Task A_device_that_leaves_ends_its_subscriptions_and_those_of_its_resources()
    {
        var user = await fixture.NewUserAsync();
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"), ("/fan", "oic.r.fan"));
        await device.JoinAsync(user);
        var (ofDevice, ofResource, ofUser) = (Receiver.NewUrl(), Receiver.NewUrl(), Receiver.NewUrl());
        var subscription = await user.SubscribeAsync($"/{device.Id}", ofDevice, "resources_published", "resources_unpublished");
        var resource = await user.SubscribeAsync($"/{device.Id}/light", ofResource, "resource_contentchanged");
        await user.SubscribeAsync("", ofUser, "devices_unregistered");
        await Receiver.WaitAsync(ofDevice, 2);
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", "/oic/sec/account")).CodeText);

        var told = await Receiver.WaitAsync(ofDevice, 4);
        Assert.Equal(["resources_unpublished", "subscription_cancelled"], told.Skip(2).Select(e => e.Type));
        Assert.Equal([$"/{device.Id}/fan", $"/{device.Id}/light"], told[2].Hrefs);
        Assert.All(told[2].Json.EnumerateArray(), link => Assert.True(link.TryGetProperty("rt", out _) && link.TryGetProperty("if", out _)));
        Assert.Equal("", (await Receiver.WaitAsync(ofResource, "subscription_cancelled")).Text);
        Assert.Equal([device.Id], (await Receiver.WaitAsync(ofUser, 2))[1].Devices);
        Assert.Equal(HttpStatusCode.NotFound, await user.StatusOfSubscriptionAsync(subscription));
        Assert.Equal(HttpStatusCode.NotFound, await user.StatusOfSubscriptionAsync(resource));
        AssertWellFormed(Receiver.At(ofDevice), subscription);
        AssertWellFormed(Receiver.At(ofResource), resource);
    }

    [Fact]
    public async Task An_unpublished_link_ends_the_subscriptions_of_its_resource_alone()
    {
        var user = await fixture.NewUserAsync();
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"), ("/fan", "oic.r.fan"));
        await device.JoinAsync(user);
        var (light, fan) = (Receiver.NewUrl(), Receiver.NewUrl());
        var ofLight = await user.SubscribeAsync($"/{device.Id}/light", light, "resource_contentchanged");
        var ofFan = await user.SubscribeAsync($"/{device.Id}/fan", fan, "resource_contentchanged");
        await Receiver.WaitAsync(light, 1);
        await Receiver.WaitAsync(fan, 1);
        var links = ((IEnumerable<object?>)Cbor.DecodeMap((await device.TryPublishAsync()).Payload)["links"]!).Cast<Dictionary<string, object?>>();
        var ins = links.Single(l => (string)l["href"]! == "/light")["ins"];
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", $"/oic/rd?di={device.Id}&ins={ins}")).CodeText);
        await Receiver.WaitAsync(light, "subscription_cancelled");
        Assert.Equal(HttpStatusCode.NotFound, await user.StatusOfSubscriptionAsync(ofLight));
        Assert.Equal(HttpStatusCode.OK, await user.StatusOfSubscriptionAsync(ofFan));
        await AssertSilentAsync(user, fan, 1);
    }

    [Fact]
    public async Task Removing_the_user_tells_every_subscription_its_end()
    {
        var user = await fixture.NewUserAsync();
        await using var device = await JoinedAsync(user, "/light");
        var (ofUser, ofDevice) = (Receiver.NewUrl(), Receiver.NewUrl());
        await user.SubscribeAsync("", ofUser, "devices_online");
        await user.SubscribeAsync($"/{device.Id}", ofDevice, "resources_published");
        await Receiver.WaitAsync(ofUser, 1);
        await Receiver.WaitAsync(ofDevice, 1);
        (await Cloud.ArrangeAsync("user", "remove", user.Name)).Succeeded();
        await Receiver.WaitAsync(ofUser, "subscription_cancelled");
        await Receiver.WaitAsync(ofDevice, "subscription_cancelled");
    }

    /// <summary>Numbers from 0 without a gap, each signed, all with the subscription's id and correlation.</summary>
    internal static void AssertWellFormed(IReadOnlyList<ReceivedEvent> received, string subscription, string? correlation = null)
    {
        Assert.All(received, e => Assert.True(e.Signed, $"{e.Number} {e.Type} is signed wrongly"));
        Assert.All(received, e => Assert.Equal((Subscriptions.IdOf(subscription), "POST", "application/json"), (e.Subscription, e.Method, e.Accept)));
        Assert.Single(received.Select(e => e.Correlation).Distinct());
        if (correlation is not null) Assert.Equal(correlation, received[0].Correlation);
        Assert.False(string.IsNullOrEmpty(received[0].Correlation));
        var confirmed = received.Where(e => e.IsConfirmed).Select(e => e.Number).ToList();
        Assert.Equal(Enumerable.Range(0, confirmed.Count).Select(n => (long)n), confirmed);
        Assert.All(received, e => Assert.InRange(e.Timestamp, DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddSeconds(5).ToUnixTimeSeconds()));
    }

    private static (string Type, Guid Device) One(ReceivedEvent e) => (e.Type, Assert.Single(e.Devices));

    private static async Task PublishAsync(TestDevice device, string href)
    {
        var answer = await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", new List<object> { new DeviceResource(href, "oic.r.more").Link }), ("ttl", 0)));
        Assert.Equal("2.04", answer.CodeText);
    }

    private async Task<TestDevice> JoinedAsync(CloudUser user, string href)
    {
        var device = new TestDevice(Cloud, (href, "oic.r.light"));
        await device.JoinAsync(user);
        await Eventually.EqualAsync("online", () => user.StatusOfAsync(device.Id));
        return device;
    }

    private async Task WaitForValueAsync(string url, int value)
    {
        for (var count = 1; ; count++)
        {
            var received = await Receiver.WaitAsync(url, count);
            if (received.Any(e => e.Json.GetProperty("value").ToString() == value.ToString())) return;
        }
    }

    // Something that was subscribed to later and was told shows that nothing is on its way any more.
    private async Task AssertSilentAsync(CloudUser user, string url, int count)
    {
        var witness = Receiver.NewUrl();
        await user.SubscribeAsync("", witness, "devices_online");
        await Receiver.WaitAsync(witness, 1);
        Assert.Equal(count, Receiver.At(url).Count);
    }
}

/// <summary>On SQLite.</summary>
[Collection(nameof(EventfulCloudOnSqlite))]
public sealed class SubscriptionFlowsOnSqlite(EventfulCloudOnSqlite fixture) : SubscriptionFlows(fixture);

/// <summary>On PostgreSQL.</summary>
public sealed class SubscriptionFlowsOnPostgreSql(EventfulCloudOnPostgreSql fixture) : SubscriptionFlows(fixture), IClassFixture<EventfulCloudOnPostgreSql>;
