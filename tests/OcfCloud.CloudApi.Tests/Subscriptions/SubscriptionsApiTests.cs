using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;

namespace OcfCloud.CloudApi.Tests.Subscriptions;

/// <summary>The door of the Events API (cloud-to-cloud.md, 1.4).</summary>
public sealed class SubscriptionsApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Root = "/api/v1/devices";
    private const string Secret = "3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subscription_of_each_level_is_made_shown_below_its_path_alone_and_ended()
    {
        var (client, user) = await CallerAsync("levels");
        var device = await shared.Host.AddDeviceAsync(user);
        await PublishAsync(device, user, "/a b");
        var targets = new[] { (Root, "devices_online"), ($"{Root}/{device}", "resources_published"), ($"{Root}/{device}/a%20b", "resource_contentchanged") };
        foreach (var (target, type) in targets)
        {
            var answer = await PostAsync(client, target, Body(types: [type]));
            var made = await answer.JsonAsync(HttpStatusCode.Created);
            Assert.Equal(["subscriptionId"], made.Members());
            var id = made.GetProperty("subscriptionId").GetGuid();

            var state = await (await client.GetAsync($"{target}/subscriptions/{id}", Cancellation)).JsonAsync(HttpStatusCode.OK);
            Assert.Equal(["subscriptionId", "eventsUrl", "eventTypes", "accept", "createdAt", "delivery"], state.Members());
            Assert.Equal(id, state.GetProperty("subscriptionId").GetGuid());
            Assert.Equal(("https://203.0.114.1/events", "application/json"), (state.Text("eventsUrl"), state.Text("accept")));
            Assert.Equal(type, Assert.Single(state.GetProperty("eventTypes").EnumerateArray()).GetString());
            Assert.Equal(["nextSequenceNumber", "undelivered", "failedAttempts", "lastDelivered", "nextAttemptAt", "lastFailure"], state.GetProperty("delivery").Members());
            Assert.DoesNotContain(Secret, state.GetRawText(), StringComparison.Ordinal);

            foreach (var (other, _) in targets.Where(other => other.Item1 != target))
            {
                await (await client.GetAsync($"{other}/subscriptions/{id}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
                await (await client.DeleteAsync($"{other}/subscriptions/{id}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
            }

            using var ended = await client.DeleteAsync($"{target}/subscriptions/{id}", Cancellation);
            Assert.Equal((HttpStatusCode.Accepted, ""), (ended.StatusCode, await ended.Content.ReadAsStringAsync(Cancellation)));
            await (await client.DeleteAsync($"{target}/subscriptions/{id}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
            await (await client.GetAsync($"{target}/subscriptions/{id}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("""{"eventTypes":["devices_online"],"signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""", "eventsUrl")]
    [InlineData("""{"eventsUrl":7,"eventTypes":["devices_online"],"signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""", "eventsUrl")]
    [InlineData("""{"eventsUrl":"https://203.0.114.1/","signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""", "eventTypes")]
    [InlineData("""{"eventsUrl":"https://203.0.114.1/","eventTypes":"devices_online","signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""", "eventTypes")]
    [InlineData("""{"eventsUrl":"https://203.0.114.1/","eventTypes":[7],"signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""", "eventTypes")]
    [InlineData("""{"eventsUrl":"https://203.0.114.1/","eventTypes":["devices_online"]}""", "signingSecret")]
    [InlineData("""{"eventsUrl":"https://203.0.114.1/","eventTypes":["devices_online"],"signingSecret":null}""", "signingSecret")]
    public async Task A_missing_member_or_one_of_another_kind_is_named(string body, string field) => await RefusedFieldAsync(Root, body, field);

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    public async Task A_signing_secret_has_exactly_32_characters(int length) =>
        await RefusedFieldAsync(Root, Body(secret: new string('s', length)), "signingSecret");

    [Fact]
    public async Task Characters_are_counted_and_not_bytes()
    {
        var (client, _) = await CallerAsync("runes");
        await (await PostAsync(client, Root, Body(secret: string.Concat(Enumerable.Repeat("🔑", 32))))).JsonAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData]
    [InlineData("resource_published")]
    [InlineData("subscription_cancelled")]
    [InlineData("Devices_Online")]
    [InlineData("resources_published")]
    [InlineData("resource_contentchanged")]
    [InlineData("devices_online", "nonsense")]
    [InlineData("devices_online", "devices_online")]
    public async Task Event_types_are_those_of_the_level_each_once(params string[] types)
    {
        var detail = await RefusedFieldAsync(Root, Body(types: types), "eventTypes");
        Assert.True(types is ["devices_online", "devices_online"] || detail.Contains("devices_registered, devices_unregistered, devices_online, devices_offline", StringComparison.Ordinal), detail);
    }

    [Theory]
    [InlineData("http://203.0.114.1/")]
    [InlineData("ftp://203.0.114.1/")]
    [InlineData("/events")]
    [InlineData("")]
    [InlineData("https://user:password@203.0.114.1/")]
    [InlineData("https://203.0.114.1/#fragment")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://localhost/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://192.168.1.1:8443/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[fe80::1]/")]
    public async Task An_events_URL_is_https_to_a_public_address(string url)
    {
        var detail = await RefusedFieldAsync(Root, Body(url: url), "eventsUrl");
        Assert.DoesNotContain("127.0.0.1", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_now_is_accepted()
    {
        var (client, _) = await CallerAsync("names");
        await (await PostAsync(client, Root, Body(url: "https://receiver.invalid:1234/events?a=b"))).JsonAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Created, "application/json")]
    [InlineData("application/json", HttpStatusCode.Created, "application/json")]
    [InlineData("application/vnd.ocf+cbor", HttpStatusCode.Created, "application/vnd.ocf+cbor")]
    [InlineData("application/json;q=0.1, application/vnd.ocf+cbor", HttpStatusCode.Created, "application/vnd.ocf+cbor")]
    [InlineData("*/*", HttpStatusCode.Created, "application/json")]
    [InlineData("text/html", HttpStatusCode.NotAcceptable, null)]
    [InlineData("application/json;q=0", HttpStatusCode.NotAcceptable, null)]
    public async Task Accept_picks_the_encoding_of_the_notifications(string? accept, HttpStatusCode status, string? encoding)
    {
        var (client, _) = await CallerAsync();
        using var answer = await PostAsync(client, Root, Body(), accept: accept);
        if (status != HttpStatusCode.Created)
        {
            await answer.RefusedAsync(status);
            return;
        }

        var id = (await answer.JsonAsync(status)).GetProperty("subscriptionId").GetGuid();
        Assert.Equal(encoding, (await (await client.GetAsync($"{Root}/subscriptions/{id}", Cancellation)).JsonAsync(HttpStatusCode.OK)).Text("accept"));
    }

    [Theory]
    [InlineData("application/vnd.ocf+cbor")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_body_is_JSON(string? mediaType)
    {
        var (client, _) = await CallerAsync();
        await (await PostAsync(client, Root, Body(), mediaType)).RefusedAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("""{"eventsUrl":"https://203.0.114.1/","eventsUrl":"https://203.0.114.1/"}""")]
    public async Task Malformed_JSON_is_400(string body)
    {
        var (client, _) = await CallerAsync();
        await (await PostAsync(client, Root, body)).RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_a_device_id_that_is_none_400()
    {
        var (client, user) = await CallerAsync();
        var device = await shared.Host.AddDeviceAsync(user);
        await PublishAsync(device, user, "/light");
        var unknown = Body(types: ["resource_contentchanged"]);
        await (await PostAsync(client, $"{Root}/{Guid.NewGuid()}", Body(types: ["resources_published"]))).RefusedAsync(HttpStatusCode.NotFound);
        await (await PostAsync(client, $"{Root}/{Guid.NewGuid()}/light", unknown)).RefusedAsync(HttpStatusCode.NotFound);
        await (await PostAsync(client, $"{Root}/{device}/dark", unknown)).RefusedAsync(HttpStatusCode.NotFound);
        await (await PostAsync(client, $"{Root}/{device}/LIGHT", unknown)).RefusedAsync(HttpStatusCode.NotFound);
        await (await PostAsync(client, $"{Root}/{device}/{new string('a', 300)}", unknown)).RefusedAsync(HttpStatusCode.NotFound);
        await (await PostAsync(client, $"{Root}/nonsense", Body(types: ["resources_published"]))).RefusedAsync(HttpStatusCode.BadRequest);
        await (await client.GetAsync($"{Root}/subscriptions/{Guid.NewGuid()}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync($"{Root}/subscriptions/nonsense", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
        await (await client.DeleteAsync($"{Root}/subscriptions/", Cancellation)).RefusedAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Another_user_s_or_client_s_subscription_and_device_are_404_with_the_body_of_none()
    {
        var (client, user) = await CallerAsync("owner");
        var (stranger, _) = await CallerAsync("stranger");
        var device = await shared.Host.AddDeviceAsync(user);
        using var otherClient = shared.Host.As(await shared.Host.TokenAsync(user, "r:*", client: "another-client"));
        var id = (await (await PostAsync(client, Root, Body())).JsonAsync(HttpStatusCode.Created)).GetProperty("subscriptionId").GetGuid();
        var none = await (await stranger.GetAsync($"{Root}/subscriptions/{Guid.NewGuid()}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
        foreach (var other in new[] { stranger, otherClient })
        {
            Assert.Equal(none, await (await other.GetAsync($"{Root}/subscriptions/{id}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound));
            Assert.Equal(none, await (await other.DeleteAsync($"{Root}/subscriptions/{id}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound));
        }

        Assert.Equal(none, await (await PostAsync(stranger, $"{Root}/{device}", Body(types: ["resources_published"]))).RefusedAsync(HttpStatusCode.NotFound));
        await (await client.GetAsync($"{Root}/subscriptions/{id}", Cancellation)).JsonAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_call_asks_for_a_token_with_the_scope_r()
    {
        var user = await shared.Host.AddUserAsync("scopes");
        using var writer = shared.Host.As(await shared.Host.TokenAsync(user, "w:* mediator"));
        var one = $"{Root}/subscriptions/{Guid.NewGuid()}";
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(writer, Root, Body())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.GetAsync(one, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await writer.DeleteAsync(one, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(shared.Host.Http, Root, Body())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Host.Http.GetAsync(one, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Host.Http.DeleteAsync(one, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_resource_that_rules_forbid_its_client_to_observe_is_403_and_nothing_else_is()
    {
        const AccessOperations Observe = AccessOperations.Retrieve | AccessOperations.Notify;
        var (client, user) = await CallerAsync();
        var device = await shared.Host.AddDeviceAsync(user);
        var theirs = await shared.Host.AddDeviceAsync(await shared.Host.AddUserAsync("u" + Guid.NewGuid().ToString("N")[..12]));
        foreach (var href in new[] { "/open", "/read", "/closed", "/a%20b", "/oic/sec/cred" }) await PublishAsync(device, user, href);
        await shared.Host.SetRulesAsync(
            user, Rule("/open", Observe), Rule("/read", AccessOperations.Retrieve), Rule("/absent", Observe), Rule("/a b", Observe), Rule("/oic/*", Observe));
        var body = Body(types: ["resource_contentchanged"]);
        var unknown = await (await PostAsync(client, $"{Root}/{device}/absent", body)).RefusedAsync(HttpStatusCode.NotFound);
        await (await PostAsync(client, $"{Root}/{device}/open", body)).JsonAsync(HttpStatusCode.Created);
        foreach (var href in new[] { "read", "closed", "nowhere", "a%20b", "oic/sec/cred" })
        {
            Assert.Equal("an access rule forbids it", await (await PostAsync(client, $"{Root}/{device}/{href}", body)).RefusedAsync(HttpStatusCode.Forbidden));
        }

        // Of a device that is not the user's nothing is said.
        Assert.Equal(unknown, await (await PostAsync(client, $"{Root}/{theirs}/closed", body)).RefusedAsync(HttpStatusCode.NotFound));
        await (await PostAsync(client, $"{Root}/{device}", Body(types: ["resources_published"]))).JsonAsync(HttpStatusCode.Created);
        using var unnamed = shared.Host.As(await shared.Host.TokenAsync(user, "r:*", client: "another-client"));
        await (await PostAsync(unnamed, $"{Root}/{device}/closed", body)).JsonAsync(HttpStatusCode.Created);
        await (await PostAsync(unnamed, $"{Root}/{device}/oic/sec/cred", body)).RefusedAsync(HttpStatusCode.Forbidden);

        static AccessRule Rule(string href, AccessOperations allow) =>
            AccessRule.TryCreate("test-client", "*", href, allow, out var rule) ? rule : throw new InvalidOperationException();
    }

    private static string Body(string url = "https://203.0.114.1/events", string[]? types = null, string secret = Secret) =>
        JsonSerializer.Serialize(new { eventsUrl = url, eventTypes = types ?? ["devices_online"], signingSecret = secret });

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string target, string body, string? mediaType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{target}/subscriptions") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (mediaType is not null) request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, Cancellation);
    }

    private async Task<string> RefusedFieldAsync(string target, string body, string field)
    {
        var (client, _) = await CallerAsync();
        using var answer = await PostAsync(client, target, body);
        var detail = await answer.RefusedAsync(HttpStatusCode.BadRequest);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
        Assert.Contains(field, detail, StringComparison.Ordinal);
        return detail;
    }

    private async Task<(HttpClient Client, UserId User)> CallerAsync(string? name = null)
    {
        var user = await shared.Host.AddUserAsync(name ?? "u" + Guid.NewGuid().ToString("N")[..12]);
        return (shared.Host.As(await shared.Host.TokenAsync(user, "r:*")), user);
    }

    private async Task PublishAsync(DeviceId device, UserId user, string path)
    {
        Assert.True(ResourceHref.TryParse(path, out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.light"], ["oic.if.a"], 3, [], out var link));
        Assert.True((await shared.Host.Directory.PublishAsync(device, user, [link], null, Cancellation)).Succeeded);
    }
}
