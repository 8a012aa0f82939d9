using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Requests;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.Pages;

/// <summary>Changing a resource from its device's page, and what the user is told of it.</summary>
public sealed partial class UpdateTests(SharedCloud shared) : IClassFixture<SharedCloud>, IAsyncLifetime
{
    private const string Lamp = """{"rt":["oic.r.light"],"if":["oic.if.a"],"n":"Lamp","id":"1","value":true,"level":7,"tone":2.5,"scene":"a <b>","range":[0,100],"note":null}""";

    private readonly TestCloud _cloud = shared.Cloud;
    private readonly User _alice = shared.Alice;
    private readonly TestBrowser _browser = shared.Cloud.Browse();

    public async ValueTask InitializeAsync()
    {
        _cloud.Device.Reset();
        await _browser.LogInAsync("alice");
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_can_be_changed_has_a_labelled_field_and_nothing_else_has()
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);

        var page = await _browser.OpenAsync("/devices/" + device);

        Assert.Equal(["want:value", "want:level", "want:tone", "want:scene"], Wanted().Matches(page.Html).Select(match => match.Groups["name"].Value));
        foreach (var (id, name) in new[] { ("resource-0-0", "value"), ("resource-0-1", "level"), ("resource-0-2", "tone"), ("resource-0-3", "scene") })
        {
            Assert.Contains($"<label for=\"{id}\">{name}</label>", page.Html, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(page.Html, $" id=\"{id}\"", RegexOptions.None, TimeSpan.FromSeconds(1)));
        }

        Assert.Matches("type=\"checkbox\" role=\"switch\" value=\"true\" checked", page.Html);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_is_turned_and_the_page_shows_how_the_device_is_now()
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        _cloud.Device.Value = """{"value":false,"level":7}""";
        var page = await _browser.OpenAsync("/devices/" + device);
        Assert.Contains("value yes", page.Text, StringComparison.Ordinal);

        // A switch that is off is not in a form.
        var after = await SubmitAsync(page, device, ("want:level", "7"), ("want:tone", "2.5"), ("want:scene", "a <b>"));

        var asked = _cloud.Device.Asked[0];
        Assert.Equal((new UserId(_alice.Id), AccessSubject.OfClient("console"), device, DeviceMethod.Post, "/light"), (asked.User, asked.Subject, asked.Device, asked.Method, asked.Href));
        Assert.Equal(["if=oic.if.a"], asked.Query);
        Assert.Equal("""{"value":false}""", FakeDevice.JsonOf(asked));
        Assert.Equal(HttpStatusCode.OK, after.Status);
        Assert.Contains("The device took the change.", after.Text, StringComparison.Ordinal);
        Assert.Contains("role=\"status\"", after.Html, StringComparison.Ordinal);
        Assert.Contains("value no", after.Text, StringComparison.Ordinal);
        Assert.Equal([DeviceMethod.Post, DeviceMethod.Get], _cloud.Device.Asked.Select(request => request.Method));
    }

    [Fact]
    public async Task After_a_change_a_reload_repeats_nothing()
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        var page = await _browser.OpenAsync("/devices/" + device);

        var answer = await _browser.PostAsync($"/devices/{device}/update", [.. Fields(page, device), ("want:value", "true"), ("want:level", "8")]);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal($"/devices/{device}?resource=%2Flight&outcome=done", answer.Location!.ToString());
    }

    [Theory]
    [InlineData("8", """{"level":8}""")]
    [InlineData(" -8 ", """{"level":-8}""")]
    [InlineData("007", null)]
    [InlineData("8.5", """{"level":8.5}""")]
    [InlineData("1e3", """{"level":1000.0}""")]
    [InlineData("18446744073709551615", """{"level":18446744073709551615}""")]
    public async Task A_number_goes_to_the_device_as_it_was_typed(string typed, string? sent)
    {
        var device = await _cloud.AddDeviceAsync(_alice, """{"level":6}""");
        var page = await _browser.OpenAsync("/devices/" + device);

        await SubmitAsync(page, device, ("want:level", typed));

        Assert.Equal(sent ?? """{"level":7}""", FakeDevice.JsonOf(_cloud.Device.Asked[0]));
    }

    [Fact]
    public async Task A_floating_point_number_stays_one_and_a_text_is_any_text()
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        var page = await _browser.OpenAsync("/devices/" + device);

        await SubmitAsync(page, device, ("want:value", "true"), ("want:level", "7"), ("want:tone", "3"), ("want:scene", "\"zwölf\" \\ 😀"));

        using var sent = JsonDocument.Parse(FakeDevice.JsonOf(_cloud.Device.Asked[0]));
        Assert.Equal(["tone", "scene"], sent.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("3.0", sent.RootElement.GetProperty("tone").GetRawText());
        Assert.Equal("\"zwölf\" \\ 😀", sent.RootElement.GetProperty("scene").GetString());
    }

    [Theory]
    [InlineData("level", "", "no number")]
    [InlineData("level", "seven", "no number")]
    [InlineData("level", "1,5", "no number")]
    [InlineData("level", "1e999", "no number")]
    [InlineData("level", "NaN", "no number")]
    [InlineData("tone", "0x10", "no number")]
    [InlineData("scene", "one\nother", "one line")]
    [InlineData("scene", null, "at most 1024")]
    public async Task What_cannot_be_sent_is_said_at_its_field_and_nothing_is_sent(string name, string? typed, string refusal)
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        var page = await _browser.OpenAsync("/devices/" + device);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["level"] = "9", ["tone"] = "2.5", ["scene"] = "night", [name] = typed ?? new string('x', 1025) };

        var answer = await SubmitAsync(page, device, [.. fields.Select(field => ("want:" + field.Key, (string?)field.Value))]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(_cloud.Device.Asked);
        Assert.Contains("role=\"alert\"", answer.Html, StringComparison.Ordinal);
        var marked = Assert.Single(Invalid().Matches(answer.Html));
        Assert.Equal("want:" + name, marked.Groups["name"].Value);
        Assert.Matches($"<small id=\"{marked.Groups["refusal"].Value}\"[^>]*>[^<]*{refusal}", answer.Html);

        // What else was typed is still there, and is a change still.
        if (name != "level") Assert.Matches("name=\"want:level\"[^>]* value=\"9\"", answer.Html);
        Assert.Contains("name=\"was:level\" value=\"7\"", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("role=\"switch\"[^>]* checked", answer.Html);
    }

    [Theory]
    [InlineData(DeviceOutcome.Offline, 0, "offline")]
    [InlineData(DeviceOutcome.NoAnswer, 0, "did not answer in time")]
    [InlineData(DeviceOutcome.Busy, 0, "Too much is asked")]
    [InlineData(DeviceOutcome.Forbidden, 0, "access rules do not allow")]
    [InlineData(DeviceOutcome.BadPath, 0, "by its path")]
    [InlineData(DeviceOutcome.TooLarge, 0, "more than the device takes")]
    [InlineData(DeviceOutcome.Unreadable, 0, "makes no sense")]
    [InlineData(DeviceOutcome.Answered, 400, "refused it: it does not understand these values (4.00)")]
    [InlineData(DeviceOutcome.Answered, 403, "refused it: it does not let this cloud change it (4.03)")]
    [InlineData(DeviceOutcome.Answered, 405, "refused it: this cannot be changed (4.05)")]
    [InlineData(DeviceOutcome.Answered, 418, "refused it: it does not take this request (4.18)")]
    [InlineData(DeviceOutcome.Answered, 500, "refused it: something went wrong in it (5.00)")]
    public async Task What_came_of_it_is_said_in_words(DeviceOutcome outcome, int code, string words)
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        _cloud.Device.Answer = new DeviceAnswer(outcome) { Code = code, Diagnostic = "an inner matter" };
        var page = await _browser.OpenAsync("/devices/" + device);

        var after = await SubmitAsync(page, device, ("want:level", "8"));

        Assert.Equal(HttpStatusCode.OK, after.Status);
        Assert.Contains(words, after.Text, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", after.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("an inner matter", after.Text, StringComparison.Ordinal);
        Assert.Contains("level 7", after.Text, StringComparison.Ordinal);
        Assert.Equal(outcome == DeviceOutcome.Answered ? 2 : 1, _cloud.Device.Asked.Count);
    }

    [Fact]
    public async Task A_form_that_changes_nothing_sends_nothing()
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        var page = await _browser.OpenAsync("/devices/" + device);

        var after = await SubmitAsync(page, device, ("want:value", "true"), ("want:level", "7"), ("want:tone", "2.5"), ("want:scene", "a <b>"));

        Assert.Contains("Nothing was changed", after.Text, StringComparison.Ordinal);
        Assert.Empty(_cloud.Device.Asked);
    }

    [Fact]
    public async Task What_is_not_the_users_or_not_to_be_changed_is_not_there()
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);
        var sensor = await _cloud.AddDeviceAsync(_alice, """{"value":true}""", "oic.if.s");
        var theirs = await _cloud.AddDeviceAsync(await _cloud.AddUserAsync("bob"), Lamp);
        var page = await _browser.OpenAsync("/devices/" + device);
        Assert.DoesNotContain("/update", (await _browser.OpenAsync("/devices/" + sensor)).Html, StringComparison.Ordinal);
        var fields = Fields(page, device).Where(field => field.Item1 != "href").ToArray();

        foreach (var (target, href) in new[] { (sensor.ToString(), "/light"), (theirs.ToString(), "/light"), (Guid.NewGuid().ToString(), "/light"), ("no-uuid", "/light"), (device.ToString(), "/oic/sec/cred"), (device.ToString(), "") })
        {
            var answer = await _browser.PostAsync($"/devices/{target}/update", [.. fields, ("href", href), ("want:level", "8")]);
            Assert.Equal((target, href, HttpStatusCode.NotFound), (target, href, answer.Status));
        }

        // A member of no field is none, and other sites' forms do nothing.
        Assert.Equal(HttpStatusCode.SeeOther, (await _browser.PostAsync($"/devices/{device}/update", [.. Fields(page, device), ("want:value", "true"), ("want:n", "Mine"), ("was:n", "Lamp"), ("want:range", "1")])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.PostAsync($"/devices/{device}/update", ("href", "/light"), ("want:level", "8"))).Status);
        using var stranger = _cloud.Browse();
        Assert.NotEqual(HttpStatusCode.OK, (await stranger.PostAsync($"/devices/{device}/update", ("href", "/light"), ("want:level", "8"))).Status);
        Assert.Empty(_cloud.Device.Asked);
    }

    [Theory]
    [InlineData("resource=%2Flight&outcome=%3Cb%3Ehello")]
    [InlineData("resource=%2Flight&outcome=refused-99999")]
    [InlineData("resource=%2Fother&outcome=done")]
    [InlineData("outcome=done")]
    public async Task An_address_that_somebody_made_up_says_nothing(string query)
    {
        var device = await _cloud.AddDeviceAsync(_alice, Lamp);

        var page = await _browser.OpenAsync($"/devices/{device}?{query}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("class=\"notice", page.Html, StringComparison.Ordinal);
        Assert.Empty(_cloud.Device.Asked);
    }

    private static (string, string?)[] Fields(TestPage page, DeviceId device) => [.. page.FormOf($"/devices/{device}/update").Select(field => (field.Key, (string?)field.Value))];

    private Task<TestPage> SubmitAsync(TestPage page, DeviceId device, params (string Name, string? Value)[] fields) => _browser.SubmitAsync(page, $"/devices/{device}/update", fields);

    [GeneratedRegex("<input id=\"[^\"]*\" name=\"(?<name>want:[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Wanted();

    [GeneratedRegex("<input [^>]*name=\"(?<name>[^\"]*)\"[^>]* aria-invalid=\"true\" aria-describedby=\"(?<refusal>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Invalid();
}
