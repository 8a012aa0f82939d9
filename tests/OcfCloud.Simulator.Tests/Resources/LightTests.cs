using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Tests.Resources;

public sealed class LightTests : IDisposable
{
    private readonly DeviceModel _light = DeviceModel.Create(DeviceKind.Light, "light-1", DeviceState.New(), new FakeTimeProvider(), new Random(1));

    private BinarySwitch Switch => _light.Get<BinarySwitch>("/light/switch");

    private Dimming Dimming => _light.Get<Dimming>("/light/dimming");

    public void Dispose() => _light.Dispose();

    [Fact]
    public void It_is_off_at_first_and_can_be_switched()
    {
        Assert.Equal("""{"value":false}""", Switch.Read().ToJsonString());

        var outcome = Switch.Update(Json("""{"value":true}"""), Requester.Cloud);

        Assert.Equal(ResourceStatus.Changed, outcome.Status);
        Assert.Equal("""{"value":true}""", outcome.Representation!.ToJsonString());
    }

    [Fact]
    public void Dimming_to_zero_switches_it_off_and_more_switches_it_on()
    {
        Dimming.Update(Json("""{"dimmingSetting":40}"""), Requester.Cloud);
        Assert.True(Switch.IsOn);

        Dimming.Update(Json("""{"dimmingSetting":0}"""), Requester.Cloud);
        Assert.False(Switch.IsOn);
    }

    [Fact]
    public void Switching_on_brings_back_the_last_brightness()
    {
        Dimming.Update(Json("""{"dimmingSetting":40}"""), Requester.Cloud);
        Dimming.Update(Json("""{"dimmingSetting":0}"""), Requester.Cloud);

        Switch.Turn(true);

        Assert.Equal(40, Dimming.Setting);
    }

    [Fact]
    public void Switching_off_keeps_the_dimming_setting()
    {
        Dimming.Update(Json("""{"dimmingSetting":40}"""), Requester.Cloud);

        Switch.Turn(false);

        Assert.Equal(40, Dimming.Setting);
    }

    [Theory]
    [InlineData("""{"dimmingSetting":-1}""")]
    [InlineData("""{"dimmingSetting":101}""")]
    [InlineData("""{"dimmingSetting":"40"}""")]
    [InlineData("""{"dimmingSetting":40.5}""")]
    [InlineData("{}")]
    public void A_bad_brightness_is_refused_and_changes_nothing(string body)
    {
        Assert.Equal(ResourceStatus.BadRequest, Dimming.Update(Json(body), Requester.Cloud).Status);

        Assert.Equal(100, Dimming.Setting);
    }

    [Theory]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"value":"true"}""")]
    [InlineData("""{"value":null}""")]
    [InlineData("{}")]
    public void A_bad_switch_value_is_refused_and_changes_nothing(string body)
    {
        Assert.Equal(ResourceStatus.BadRequest, Switch.Update(Json(body), Requester.Cloud).Status);

        Assert.False(Switch.IsOn);
    }

    [Fact]
    public void A_change_is_told_once_and_the_same_value_not_at_all()
    {
        var told = new List<string>();
        Switch.Changed += r => told.Add(r.Href);
        Dimming.Changed += r => told.Add(r.Href);

        Dimming.Update(Json("""{"dimmingSetting":40}"""), Requester.Cloud);
        Dimming.Update(Json("""{"dimmingSetting":40}"""), Requester.Cloud);

        Assert.Equal(["/light/dimming", "/light/switch"], told);
    }

    [Fact]
    public void Values_survive_a_restart()
    {
        Dimming.Update(Json("""{"dimmingSetting":40}"""), Requester.Cloud);
        var values = new JsonObject { ["/light/switch"] = Switch.Save(), ["/light/dimming"] = Dimming.Save() };

        using var again = DeviceModel.Create(DeviceKind.Light, "light-1", DeviceState.New() with { Values = values }, new FakeTimeProvider(), new Random(1));

        Assert.True(again.Get<BinarySwitch>("/light/switch").IsOn);
        Assert.Equal(40, again.Get<Dimming>("/light/dimming").Setting);
    }

    [Fact]
    public void The_baseline_interface_adds_types_and_interfaces()
    {
        Assert.Equal(
            """{"value":false,"rt":["oic.r.switch.binary"],"if":["oic.if.a","oic.if.baseline"]}""",
            Switch.Retrieve("oic.if.baseline").Representation!.ToJsonString());
        Assert.Equal("""{"value":false}""", Switch.Retrieve("oic.if.a").Representation!.ToJsonString());
        Assert.Equal(ResourceStatus.BadRequest, Switch.Retrieve("oic.if.s").Status);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
