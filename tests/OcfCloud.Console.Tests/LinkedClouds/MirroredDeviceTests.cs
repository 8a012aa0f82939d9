using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Requests;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.LinkedClouds;

/// <summary>Devices of other clouds among the user's own, and their page.</summary>
public sealed class MirroredDeviceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestCloud _cloud = null!;
    private TestBrowser _browser = null!;
    private User _alice = null!;
    private LinkedCloud _other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestCloud.StartAsync(_folder);
        _alice = await _cloud.AddUserAsync("alice");
        _other = await _cloud.AddLinkedCloudAsync();
        _browser = _cloud.Browse();
        await _browser.LogInAsync("alice");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task They_stand_among_the_own_ones_marked_with_their_cloud()
    {
        var own = await _cloud.AddDeviceAsync(_alice, """{"value":true}""");
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other, "Their <b>light");
        var theirs = await _cloud.AddMirroredDeviceAsync(await _cloud.AddUserAsync("bob"), _other);

        var page = await _browser.OpenAsync("/devices");

        Assert.Contains($"href=\"/devices/{own}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains($"Their <b>light online Linked cloud other {device}", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(theirs.ToString(), page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _browser.OpenAsync("/devices/" + theirs)).Status);
    }

    [Fact]
    public async Task Its_page_asks_nothing_of_its_cloud_until_the_user_wants_a_value()
    {
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other);

        var page = await _browser.OpenAsync("/devices/" + device);
        Assert.Contains("of other", page.Text, StringComparison.Ordinal);
        Assert.Contains("/light oic.r.switch.binary Ask for its value", page.Text, StringComparison.Ordinal);
        Assert.Empty(_cloud.Mirror.Asked);

        _cloud.Mirror.Value = FakeMirror.Json("""{"value":true,"level":7,"scene":"a <i>"}""");
        page = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");
        Assert.Contains("value yes level 7 scene a <i>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page.Html, StringComparison.Ordinal);
        var asked = Assert.Single(_cloud.Mirror.Asked);
        Assert.Equal((device, new UserId(_alice.Id), _other.Id, DeviceMethod.Get, "/light"), (asked.Device.Device, asked.Device.User, asked.Device.LinkedCloud, asked.Method, asked.Href));
        Assert.Empty(_cloud.Device.Asked);
    }

    [Fact]
    public async Task It_is_changed_by_the_same_form_as_an_own_one()
    {
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other);
        var page = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");

        var after = await _browser.SubmitAsync(page, $"/devices/{device}/update", ("want:value", "true"), ("want:level", "8"));

        var sent = Assert.Single(_cloud.Mirror.Asked, request => request.Method == DeviceMethod.Post);
        Assert.Equal(("/light", "if=oic.if.a", 10000), (sent.Href, Assert.Single(sent.Query), sent.ContentFormat));
        Assert.True(PayloadConversion.TryToJson(sent.Payload.Span, out var json));
        Assert.Equal("""{"level":8}""", Encoding.UTF8.GetString(json));
        Assert.Equal(HttpStatusCode.OK, after.Status);
        Assert.Contains("/light: The device took the change.", after.Text, StringComparison.Ordinal);
        Assert.Contains("value yes", after.Text, StringComparison.Ordinal);
        Assert.Empty(_cloud.Device.Asked);

        // What cannot be sent is said at its field; what changes nothing is not sent.
        var refused = await _browser.SubmitAsync(after, $"/devices/{device}/update", ("want:value", "true"), ("want:level", "seven"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("aria-invalid=\"true\"", refused.Html, StringComparison.Ordinal);
        var same = await _browser.SubmitAsync(after, $"/devices/{device}/update", ("want:value", "true"), ("want:level", "7"));
        Assert.Contains("Nothing was changed", same.Text, StringComparison.Ordinal);
        Assert.Single(_cloud.Mirror.Asked, request => request.Method == DeviceMethod.Post);
    }

    [Theory]
    [InlineData(502, "other could not pass this on")]
    [InlineData(503, "other or the device cannot be reached")]
    [InlineData(504, "other did not answer in time")]
    [InlineData(403, "refused it: it does not let this cloud change it (4.03)")]
    [InlineData(404, "refused it: it has no such resource any more (4.04)")]
    public async Task What_came_of_it_is_said_in_words(int code, string words)
    {
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other);
        var page = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");
        _cloud.Mirror.Changed = new DeviceAnswer(DeviceOutcome.Answered) { Code = code, Diagnostic = "an inner matter" };

        var after = await _browser.SubmitAsync(page, $"/devices/{device}/update", ("want:value", "true"), ("want:level", "8"));
        Assert.Contains(words, after.Text, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", after.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("inner matter", after.Text, StringComparison.Ordinal);

        _cloud.Mirror.Value = _cloud.Mirror.Changed;
        var read = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");
        Assert.Contains(words, read.Text, StringComparison.Ordinal);
        Assert.Contains("Ask for its value", read.Text, StringComparison.Ordinal);

        // Of what kind a member is, nobody says: nothing is sent.
        var asked = _cloud.Mirror.Asked.Count(request => request.Method == DeviceMethod.Post);
        Assert.Contains(words, (await _browser.SubmitAsync(page, $"/devices/{device}/update", ("want:level", "9"))).Text, StringComparison.Ordinal);
        Assert.Equal(asked, _cloud.Mirror.Asked.Count(request => request.Method == DeviceMethod.Post));
    }

    [Fact]
    public async Task The_users_access_rules_hold_for_them_too()
    {
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other);
        var secret = await _cloud.AddMirroredDeviceAsync(_alice, _other, href: "/oic/SEC/cred");
        Assert.True(AccessRule.TryCreate("console", "*", "/light", AccessOperations.Retrieve, out var rule));
        await _cloud.Services.GetRequiredService<AccessRuleStore>().ReplaceAsync(new UserId(_alice.Id), [rule], Cancellation);

        var page = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");
        Assert.Contains("value yes", page.Text, StringComparison.Ordinal);
        var after = await _browser.SubmitAsync(page, $"/devices/{device}/update", ("want:level", "8"));
        Assert.Contains("Your access rules do not allow this.", after.Text, StringComparison.Ordinal);
        Assert.Contains("access rules", (await _browser.OpenAsync($"/devices/{secret}?resource=%2Foic%2FSEC%2Fcred")).Text, StringComparison.Ordinal);
        Assert.All(_cloud.Mirror.Asked, request => Assert.Equal((DeviceMethod.Get, "/light"), (request.Method, request.Href)));
    }

    [Fact]
    public async Task What_is_not_the_users_or_not_to_be_changed_is_not_there()
    {
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other);
        var sensor = await _cloud.AddMirroredDeviceAsync(_alice, _other, @interface: "oic.if.s");
        var theirs = await _cloud.AddMirroredDeviceAsync(await _cloud.AddUserAsync("bob"), _other);
        var page = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");
        var fields = page.FormOf($"/devices/{device}/update").Where(field => field.Key != "href").Select(field => (field.Key, (string?)field.Value)).ToArray();
        Assert.DoesNotContain("/update", (await _browser.OpenAsync($"/devices/{sensor}?resource=%2Flight")).Html, StringComparison.Ordinal);
        var asked = _cloud.Mirror.Asked.Count;

        foreach (var (target, href) in new[] { (sensor, "/light"), (theirs, "/light"), (device, "/other"), (device, "") })
            Assert.Equal((target, HttpStatusCode.NotFound), (target, (await _browser.PostAsync($"/devices/{target}/update", [.. fields, ("href", href), ("want:level", "8")])).Status));
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.PostAsync($"/devices/{device}/update", ("href", "/light"), ("want:level", "8"))).Status);
        foreach (var query in new[] { "resource=%2Fother", "resource=%2Fother&outcome=done", "outcome=done" })
            Assert.DoesNotContain("class=\"notice", (await _browser.OpenAsync($"/devices/{device}?{query}")).Html, StringComparison.Ordinal);
        Assert.Equal(asked, _cloud.Mirror.Asked.Count);
    }

    [Fact]
    public async Task A_value_that_makes_no_sense_is_said()
    {
        var device = await _cloud.AddMirroredDeviceAsync(_alice, _other);
        _cloud.Mirror.Value = FakeMirror.Json("{nonsense");

        var page = await _browser.OpenAsync($"/devices/{device}?resource=%2Flight");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("makes no sense", page.Text, StringComparison.Ordinal);
    }
}
