using System.Net;
using System.Text.Json;

namespace OcfCloud.CloudApi.Tests.Mediator;

public sealed class AccessRulesTests(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    private const string Path = "/mediator/v1/access-rules";
    private const string Device = "5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11";
    private const string Good = """{"subject": "*", "device": "*", "href": "*", "allow": ["retrieve"]}""";

    private HttpClient _mediator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A user of its own for each case.
    public async ValueTask InitializeAsync() => _mediator = await shared.Host.MediatorOfAsync(Guid.NewGuid().ToString());

    public ValueTask DisposeAsync()
    {
        _mediator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_user_has_no_rules_at_first() => Assert.Equal("[]", await GetAsync(_mediator));

    [Fact]
    public async Task What_was_put_is_given_back_in_its_order()
    {
        var rules = $$"""
            [
              {"subject": "{{Device.ToUpperInvariant()}}", "device": "{{Device.ToUpperInvariant()}}", "href": "/light/*", "allow": ["notify", "retrieve", "retrieve"]},
              {"subject": "app.example", "device": "*", "href": "/light/switch", "allow": ["create", "retrieve", "update", "delete", "notify"]},
              {"allow": [], "href": "*", "device": "*", "subject": "*"}
            ]
            """;
        const string Expected =
            $$"""[{"subject":"{{Device}}","device":"{{Device}}","href":"/light/*","allow":["retrieve","notify"]},"""
            + """{"subject":"app.example","device":"*","href":"/light/switch","allow":["create","retrieve","update","delete","notify"]},"""
            + """{"subject":"*","device":"*","href":"*","allow":[]}]""";

        using var answer = await PutAsync(rules);

        Assert.Equal(Expected, (await answer.JsonAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(Expected, await GetAsync(_mediator));
    }

    [Fact]
    public async Task Rules_are_replaced_as_a_whole_and_are_each_users_own()
    {
        using var bob = await shared.Host.MediatorOfAsync(Guid.NewGuid().ToString());
        using var first = await PutAsync($"[{Good}, {Good}]");
        using var second = await PutAsync($"[{Good}]");

        Assert.Equal(1, JsonDocument.Parse(await GetAsync(_mediator)).RootElement.GetArrayLength());
        Assert.Equal("[]", await GetAsync(bob));

        using var none = await PutAsync("[]");
        Assert.Equal("[]", await GetAsync(_mediator));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData(Good)]
    public async Task A_body_that_is_no_array_is_refused(string? body)
    {
        using var answer = await PutAsync(body);

        Assert.Equal("The body has to be an array of rules.", await answer.RefusedAsync(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("5", "it has to be an object.")]
    [InlineData("null", "it has to be an object.")]
    [InlineData("{}", "subject, device and href have to be texts.")]
    [InlineData("""{"device": "*", "href": "*", "allow": []}""", "subject, device and href have to be texts.")]
    [InlineData("""{"subject": "*", "href": "*", "allow": []}""", "subject, device and href have to be texts.")]
    [InlineData("""{"subject": "*", "device": "*", "allow": []}""", "subject, device and href have to be texts.")]
    [InlineData("""{"subject": 5, "device": "*", "href": "*", "allow": []}""", "subject, device and href have to be texts.")]
    [InlineData("""{"subject": "\ud800", "device": "*", "href": "*", "allow": []}""", "subject, device and href have to be texts.")]
    [InlineData("""{"subject": "*", "device": "*", "href": "*"}""", "allow has to be an array of create, retrieve, update, delete, notify.")]
    [InlineData("""{"subject": "*", "device": "*", "href": "*", "allow": "retrieve"}""", "allow has to be an array of create, retrieve, update, delete, notify.")]
    [InlineData("""{"subject": "*", "device": "*", "href": "*", "allow": ["read"]}""", "allow has to be an array of create, retrieve, update, delete, notify.")]
    [InlineData("""{"subject": "*", "device": "*", "href": "*", "allow": ["Retrieve"]}""", "allow has to be an array of create, retrieve, update, delete, notify.")]
    [InlineData("""{"subject": "*", "device": "*", "href": "*", "allow": [2]}""", "allow has to be an array of create, retrieve, update, delete, notify.")]
    [InlineData("""{"subject": "", "device": "*", "href": "*", "allow": []}""", "subject has to be")]
    [InlineData("""{"subject": "*", "device": "light", "href": "*", "allow": []}""", "subject has to be")]
    [InlineData("""{"subject": "*", "device": "*", "href": "light", "allow": []}""", "subject has to be")]
    [InlineData("""{"subject": "*", "device": "*", "href": "/li*ht", "allow": []}""", "subject has to be")]
    [InlineData("""{"subject": "*", "device": "*", "href": "*", "allow": [], "deny": []}""", "it has no member \"deny\".")]
    public async Task A_rule_that_is_none_is_named_and_nothing_is_stored(string rule, string refusal)
    {
        using var before = await PutAsync($"[{Good}]");
        using var answer = await PutAsync($"[{Good}, {rule}]");

        Assert.StartsWith($"Rule 1: {refusal}", await answer.RefusedAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(await GetAsync(_mediator)).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_subject_and_a_path_too_long_are_refused()
    {
        using var subject = await PutAsync($$"""[{"subject": "{{new string('a', 257)}}", "device": "*", "href": "*", "allow": []}]""");
        using var href = await PutAsync($$"""[{"subject": "*", "device": "*", "href": "/{{new string('a', 256)}}", "allow": []}]""");

        await subject.RefusedAsync(HttpStatusCode.BadRequest);
        await href.RefusedAsync(HttpStatusCode.BadRequest);
    }

    private Task<HttpResponseMessage> PutAsync(string? body) => _mediator.SendAsync(HttpMethod.Put, Path, body);

    private static async Task<string> GetAsync(HttpClient mediator)
    {
        using var answer = await mediator.GetAsync(Path, Cancellation);
        return (await answer.JsonAsync(HttpStatusCode.OK)).GetRawText();
    }
}
