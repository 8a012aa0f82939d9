using System.Net;
using System.Text.Json;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Events;

/// <summary>Who may subscribe, to where, and what happens when the right is taken back.</summary>
[Collection(nameof(EventfulCloudOnSqlite))]
public sealed class SubscriberRightsTests(EventfulCloudOnSqlite fixture)
{
    private const string Password = "correct horse";

    [Fact]
    public async Task A_user_who_takes_a_cloud_s_access_back_ends_its_subscriptions_and_no_other_s()
    {
        const string Name = "revoker", RedirectUri = "https://peer.example/callback";
        (await fixture.Cloud.ArrangeAsync("user", "add", Name, "--password", Password)).Succeeded();
        var added = (await fixture.Cloud.ArrangeAsync("client", "add", "Peer", "--redirect-uri", RedirectUri, "--json")).Succeeded().Json;
        await using var account = RunningProgram.Start(
            "node",
            [
                Path.Combine(Repository.Root, "tests", "oauth-client", "account.js"), $"https://localhost:{fixture.Cloud.Https.Port}",
                added.GetProperty("client_id").GetString()!, added.GetProperty("client_secret").GetString()!, RedirectUri, Name, Password, "r:*",
            ],
            [("NODE_EXTRA_CA_CERTS", fixture.Cloud.Pki("cloud-ca.pem"))]);
        var token = (await account.WaitForAsync("\"access_token\":\"([^\"]+)\"")).Groups[1].Value;
        var peer = new CloudUser(fixture.Cloud, Name, token);
        var user = await fixture.Cloud.FindUserAsync(Name);
        var (ofPeer, ofOther) = (fixture.Receiver.NewUrl(), fixture.Receiver.NewUrl());
        var subscription = await peer.SubscribeAsync("", ofPeer, "devices_online");
        var other = await user.SubscribeAsync("", ofOther, "devices_online");
        await fixture.Receiver.WaitAsync(ofPeer, 1);
        Assert.Equal(HttpStatusCode.NotFound, await user.StatusOfSubscriptionAsync(subscription));

        await account.WriteLineAsync("revoke");
        await account.WaitForAsync("revoked");
        var told = await fixture.Receiver.WaitAsync(ofPeer, 2);
        Assert.Equal(("subscription_cancelled", 1L, true), (told[1].Type, told[1].Number, told[1].Signed));
        await Eventually.EqualAsync(HttpStatusCode.Unauthorized, () => peer.StatusOfSubscriptionAsync(subscription));
        Assert.Equal(HttpStatusCode.OK, await user.StatusOfSubscriptionAsync(other));
    }

    [Fact]
    public async Task Removing_a_client_ends_its_subscriptions()
    {
        const string Name = "remover", RedirectUri = "https://peer.example/callback";
        (await fixture.Cloud.ArrangeAsync("user", "add", Name, "--password", Password)).Succeeded();
        var added = (await fixture.Cloud.ArrangeAsync("client", "add", "Peer", "--redirect-uri", RedirectUri, "--json")).Succeeded().Json;
        var id = added.GetProperty("client_id").GetString()!;
        await using var account = RunningProgram.Start(
            "node",
            [
                Path.Combine(Repository.Root, "tests", "oauth-client", "account.js"), $"https://localhost:{fixture.Cloud.Https.Port}", id,
                added.GetProperty("client_secret").GetString()!, RedirectUri, Name, Password, "r:*",
            ],
            [("NODE_EXTRA_CA_CERTS", fixture.Cloud.Pki("cloud-ca.pem"))]);
        var peer = new CloudUser(fixture.Cloud, Name, (await account.WaitForAsync("\"access_token\":\"([^\"]+)\"")).Groups[1].Value);
        var url = fixture.Receiver.NewUrl();
        await peer.SubscribeAsync("", url, "devices_online");
        await fixture.Receiver.WaitAsync(url, 1);
        (await fixture.Cloud.ArrangeAsync("client", "remove", id)).Succeeded();
        await fixture.Receiver.WaitAsync(url, "subscription_cancelled");
    }

    [Fact]
    public async Task A_URL_that_leads_elsewhere_than_it_may_is_refused_and_a_redirect_not_followed()
    {
        var user = await fixture.NewUserAsync();
        var port = fixture.Receiver.Port;
        foreach (var url in new[]
        {
            $"http://localhost:{port}/attack", $"https://127.0.0.2:{port}/attack", $"https://[::1]:{port}/attack", "https://10.0.0.1/attack", "https://192.168.0.1/attack",
            "https://169.254.169.254/attack", "https://0.0.0.0/attack", "https://[::ffff:10.0.0.1]/attack", $"https://user@localhost:{port}/attack",
        })
        {
            using var answer = await user.TrySubscribeAsync("", new { eventsUrl = url, eventTypes = new[] { "devices_online" }, signingSecret = EventReceiver.Secret });
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{url}: {answer.StatusCode}");
            Assert.Equal("eventsUrl", problem.GetProperty("field").GetString());
        }

        var redirecting = fixture.Receiver.NewUrl("302,308,204");
        await user.SubscribeAsync("", redirecting, "devices_online");
        Assert.Equal([0, 0, 0], (await fixture.Receiver.WaitAsync(redirecting, 3)).Select(e => e.Number));
        Assert.Empty(fixture.Receiver.At($"https://localhost:{port}/redirected"));
        Assert.Empty(fixture.Receiver.At($"https://localhost:{port}/attack"));
    }

    [Fact]
    public async Task The_answer_is_there_before_the_first_notification()
    {
        var user = await fixture.NewUserAsync();
        await using var device = new TestDevice(fixture.Cloud);
        await device.JoinAsync(user);
        for (var n = 0; n < 20; n++)
        {
            var url = fixture.Receiver.NewUrl();
            await user.SubscribeAsync("", url, "devices_online");
            var answered = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            Assert.True((await fixture.Receiver.WaitAsync(url, 1))[0].At >= answered, "the first notification overtook the answer");
        }
    }
}
