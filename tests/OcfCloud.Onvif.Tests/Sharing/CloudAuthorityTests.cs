using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Provisioning.Support;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>Which clouds are the same.</summary>
public sealed class CloudAuthorityTests
{
    [Fact]
    public void A_cloud_is_the_set_of_its_authorization_servers_hosts_and_ports()
    {
        Assert.Equal("a.example:443 b.example:8443", Of("https://B.example:8443/x", "https://a.example/y", "https://A.example./z"));
        Assert.Equal(Of("https://a.example/1", "https://b.example/2"), Of("https://b.example:443/3", "https://a.example/4"));
        Assert.NotEqual(Of("https://a.example/1"), Of("https://a.example/1", "https://b.example/2"));
    }

    [Fact]
    public void Names_however_long_fit_where_they_are_kept()
    {
        string[] servers = [.. Enumerable.Range(0, 8).Select(number => $"https://{string.Join('.', Enumerable.Repeat(new string('a', 60), 4))}.h{number}/as")];
        Assert.InRange(Of(servers).Length, 1, 1024);
        Assert.Equal(Of(servers), Of([.. servers.Reverse()]));
        Assert.NotEqual(Of(servers), Of(servers[1..]));
    }

    private static string Of(params string[] servers) =>
        CloudAuthority.Of(ShareRoom.Asked() with { AuthorizationServerConfigurations = [.. servers.Select(uri => new AuthorizationServerConfiguration(uri, "c", null, "p"))] });
}
