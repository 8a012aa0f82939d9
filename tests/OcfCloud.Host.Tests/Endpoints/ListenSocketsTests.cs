using System.Net;
using OcfCloud.Host.Endpoints;
using OcfCloud.Host.Settings;
using OcfCloud.Host.Tests.Settings;

namespace OcfCloud.Host.Tests.Endpoints;

public sealed class ListenSocketsTests
{
    private static readonly (string, string)[] AnyPorts =
        [("OcfCloud:Endpoints:Https", "0"), ("OcfCloud:Endpoints:Http", "0"), ("OcfCloud:Endpoints:Coaps", "0"), ("OcfCloud:Endpoints:Uplink", "0")];

    [Fact]
    public void A_port_alone_is_on_loopback_in_Development()
    {
        using var sockets = ListenSockets.BindAll(Sources.Development(AnyPorts));

        Assert.Equal(IPAddress.Loopback, sockets.Https.Local.Address);
        Assert.NotEqual(0, sockets.Https.Local.Port);
        Assert.Equal($"https://127.0.0.1:{sockets.Https.Local.Port}", sockets.Https.UrlOf("https"));
    }

    [Fact]
    public void A_port_alone_is_on_every_address_in_Production()
    {
        using var sockets = ListenSockets.BindAll(Sources.Production(AnyPorts));

        Assert.True(sockets.Coaps.IsOnEveryAddress);
        Assert.Equal($"coaps+tcp://127.0.0.1:{sockets.Coaps.Local.Port}", sockets.Coaps.UrlOf("coaps+tcp"));
    }

    [Fact]
    public void A_port_that_is_taken_names_its_key()
    {
        using var first = ListenSockets.BindAll(Sources.Development(AnyPorts));
        var taken = $"127.0.0.1:{first.Coaps.Local.Port}";

        var refused = Assert.Throws<SettingException>(() => ListenSockets.BindAll(Sources.Development(AnyPorts[0], AnyPorts[1], AnyPorts[3], ("OcfCloud:Endpoints:Coaps", taken))));

        Assert.Equal($"OcfCloud:Endpoints:Coaps: \"{taken}\" is taken by another process", refused.Message);
    }

    [Fact]
    public void An_address_of_another_machine_names_its_key()
    {
        var refused = Assert.Throws<SettingException>(() => ListenSockets.BindAll(Sources.Development(("OcfCloud:Endpoints:Https", "192.0.2.1:0"))));

        Assert.Equal("OcfCloud:Endpoints:Https: \"192.0.2.1:0\" is no address of this machine", refused.Message);
    }
}
