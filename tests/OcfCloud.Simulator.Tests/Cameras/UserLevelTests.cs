using System.Net;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class UserLevelTests
{
    private const string NotAuthorized = "Sender/NotAuthorized";

    [Theory]
    [InlineData("Administrator")]
    [InlineData("Operator")]
    [InlineData("User")]
    public async Task Everybody_with_a_level_reads_and_administrators_alone_write_and_see_secrets(string level)
    {
        await using var room = await CameraRoom.StartAsync($"enrol-level={level}");
        var uplink = await room.ConnectAsync("https");
        var isAdministrator = level == "Administrator";
        async Task<string> OutcomeAsync(string ns, string body)
        {
            var (status, answer) = await uplink.CallAsync(Soap.PathOf(ns), Soap.Envelope(ns, body));
            return status == HttpStatusCode.OK ? "OK" : Soap.FaultOf(answer!);
        }

        Assert.Equal("OK", await OutcomeAsync(Soap.Device, "<t:GetServices><t:IncludeCapability>true</t:IncludeCapability></t:GetServices>"));
        Assert.Equal("OK", await OutcomeAsync(Soap.Device, "<t:GetDeviceInformation/>"));
        Assert.Equal("OK", await OutcomeAsync(Soap.Uplink, "<t:GetUplinks/>"));
        Assert.Equal("OK", await OutcomeAsync(Soap.Security, KeystoreTests.Csr("key_1", "1.2.840.10045.4.3.2")));
        foreach (var (ns, body, allowed) in new[]
        {
            (Soap.Security, "<t:GetAllKeys/>", "OK"),
            (Soap.Security, "<t:GetAllCertificates/>", "OK"),
            (Soap.Security, "<t:GetAuthorizationServerConfigurations/>", "OK"),
            (Soap.Security, "<t:GetKeyStatus><t:KeyID>key_1</t:KeyID></t:GetKeyStatus>", "OK"),
            (Soap.Security, "<t:CreateECCKeyPair><t:EllipticCurve>secp256r1</t:EllipticCurve></t:CreateECCKeyPair>", "OK"),
            (Soap.Security, KeystoreTests.Upload(CameraRoom.Certificate()), "OK"),
            (Soap.Security, "<t:DeleteKey><t:KeyID>key_99</t:KeyID></t:DeleteKey>", "Sender/InvalidArgVal/KeyID"),
            (Soap.Uplink, "<t:DeleteUplink><t:RemoteAddress>wss://a</t:RemoteAddress></t:DeleteUplink>", "Sender/InvalidArgVal/Address"),
            (Soap.Device, "<t:UpgradeFirmware><t:Version/></t:UpgradeFirmware>", "Sender/InvalidArgVal/InvalidFirmware"),
        })
        {
            Assert.Equal(isAdministrator ? allowed : NotAuthorized, await OutcomeAsync(ns, body));
        }
    }

    [Fact]
    public async Task Another_level_counts_from_the_next_connection_on()
    {
        await using var room = await CameraRoom.StartAsync();
        var uplink = await room.ConnectAsync("https");
        var (policy, server) = (room.State.Uplinks[0].PolicyId!, room.State.Uplinks[0].AuthorizationServer!);

        var lower = KeystoreTests.Uplink(room.Cloud.HttpsUplink, policy, server).Replace("Administrator", "User", StringComparison.Ordinal);
        await room.CallAsync(Soap.Uplink, lower);

        await uplink.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var (_, answer) = await (await room.Cloud.NextAsync()).CallAsync(Soap.SecurityPath, Soap.Envelope(Soap.Security, "<t:GetAllKeys/>"));
        Assert.Equal(NotAuthorized, Soap.FaultOf(answer!));
    }

    [Fact]
    public async Task A_list_of_levels_allows_what_one_of_them_does()
    {
        await using var room = await CameraRoom.StartAsync("enrol-level=User Administrator");
        var uplink = await room.ConnectAsync("https");
        Assert.Equal(HttpStatusCode.OK, (await uplink.CallAsync(Soap.SecurityPath, Soap.Envelope(Soap.Security, "<t:GetAllKeys/>"))).Status);
    }
}
