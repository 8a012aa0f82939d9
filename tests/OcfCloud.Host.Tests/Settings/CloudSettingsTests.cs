using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests.Settings;

public sealed class CloudSettingsTests
{
    [Theory]
    [InlineData("OcfCloud:Endpoints:Coaps", "nonsense", "is no port and no address:port")]
    [InlineData("OcfCloud:Endpoints:Https", "65536", "is no port and no address:port")]
    [InlineData("OcfCloud:Endpoints:Http", "", "is no port and no address:port")]
    [InlineData("OcfCloud:Endpoints:Backlog", "0", "is no number of connections from 1 to 65535")]
    [InlineData("OcfCloud:Endpoints:MaxHttpConnections", "many", "is no number of connections from 1 to 1000000")]
    [InlineData("OcfCloud:Endpoints:TrustedProxies:0", "10.0.0.5", "is no network (address/length)")]
    [InlineData("OcfCloud:Endpoints:ProxyHeaderTimeout", "00:00:00", "is no duration above zero")]
    [InlineData("OcfCloud:PublicUrl", "http://cloud.example", "is no https://host:port")]
    [InlineData("OcfCloud:PublicUrl", "https://cloud.example/path", "is no https://host:port")]
    [InlineData("OcfCloud:PublicUrl", "https://user@cloud.example", "is no https://host:port")]
    [InlineData("OcfCloud:PublicCoaps", "coaps://cloud.example:5684", "is no coaps+tcp://host:port")]
    [InlineData("OcfCloud:PublicCoaps", "coaps+tcp://cloud.example", "is no coaps+tcp://host:port")]
    [InlineData("OcfCloud:CloudId", "{5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11}", "is no UUID")]
    [InlineData("OcfCloud:CloudId", "cloud", "is no UUID")]
    [InlineData("OcfCloud:DataDirectory", "", "is no folder")]
    [InlineData("OcfCloud:Store:Provider", "Oracle", "is none of Sqlite, PostgreSql")]
    [InlineData("OcfCloud:Store:Provider", "1", "is none of Sqlite, PostgreSql")]
    [InlineData("OcfCloud:Certificates:Https:Path", "/not/there.pem", "is no file that is there")]
    [InlineData("OcfCloud:Certificates:Coaps:KeyPath", "/not/there.key", "is no file that is there")]
    [InlineData("OcfCloud:Certificates:ReloadInterval", "00:00:06", "is no duration up to 00:00:05")]
    [InlineData("OcfCloud:Devices:TrustAnchors:0", "/not/there", "is no file or folder that is there")]
    [InlineData("OcfCloud:Devices:RevocationLists:3", "/not/there.crl", "is no file or folder that is there")]
    [InlineData("OcfCloud:Devices:AllowWithoutCertificate", "yes", "is neither true nor false")]
    [InlineData("OcfCloud:Devices:AuthProvider", "two words", "is no name (1 to 64 visible ASCII characters)")]
    [InlineData("OcfCloud:Devices:RedirectUri", "cloud.example:5684", "is no coaps+tcp://host:port")]
    [InlineData("OcfCloud:Devices:AccessTokenLifetime", "3600", "is no duration (hh:mm:ss or d.hh:mm:ss)")]
    [InlineData("OcfCloud:Devices:AccessTokenLifetime", "-01:00:00", "is no duration (hh:mm:ss or d.hh:mm:ss)")]
    [InlineData("OcfCloud:Devices:OneTimeTokenLifetime", "00:00:00", "is no duration above zero")]
    [InlineData("OcfCloud:Devices:RequestTimeout", "25:00:00", "is no duration (hh:mm:ss or d.hh:mm:ss)")]
    [InlineData("OcfCloud:Devices:IdlePing", "2m", "is no duration (hh:mm:ss or d.hh:mm:ss)")]
    [InlineData("OcfCloud:Devices:MaxMessageSize", "1151", "is no number of bytes from 1152 to 16777216")]
    [InlineData("OcfCloud:Devices:MaxRequestsInFlight", "+5", "is no number of requests from 1 to 65536")]
    [InlineData("OcfCloud:Tokens:AccessTokenLifetime", "1.2.3", "is no duration (hh:mm:ss or d.hh:mm:ss)")]
    [InlineData("OcfCloud:MaxRequestBodySize", "1MB", "is no number of bytes from 1024 to 1073741824")]
    [InlineData("OcfCloud:Authority", "http://issuer.example", "is no issuer URL (https://host/path)")]
    [InlineData("OcfCloud:Authority", "issuer", "is no issuer URL (https://host/path)")]
    [InlineData("OcfCloud:UserClaim", "", "is no name (1 to 64 visible ASCII characters)")]
    [InlineData("OcfCloud:Outbound:TrustAnchors:0", "/not/there.pem", "is no file or folder that is there")]
    [InlineData("OcfCloud:Outbound:AllowedNetworks:0", "127.0.0.1", "is no network (address/length)")]
    [InlineData("OcfCloud:Outbound:AllowedNetworks:0", "10.0.0.0/33", "is no network (address/length)")]
    [InlineData("OcfCloud:Events:DeliveryTimeout", "00:05:01", "is no duration up to 00:05:00")]
    [InlineData("OcfCloud:Events:MaxParallelDeliveries", "0", "is no number of deliveries from 1 to 10000")]
    [InlineData("OcfCloud:StopTimeout", "never", "is no duration (hh:mm:ss or d.hh:mm:ss)")]
    [InlineData("OcfCloud:Logging:Level", "Loud", "is none of Verbose, Debug, Information, Warning, Error, Fatal")]
    [InlineData("OcfCloud:Logging:Format", "Xml", "is none of Text, Json")]
    [InlineData("OcfCloud:Endpoints:Telnet", "23", "is given for a key that is not known")]
    [InlineData("OcfCloud:Endpoints:Https:0", "8443", "is given for a key that is not known")]
    [InlineData("OcfCloud:Devices:TrustAnchors:first", "/tmp", "is given for a key that is not known")]
    [InlineData("OcfCloud:Devices:TrustAnchors", "/tmp", "is given for a key that is not known")]
    public void A_wrong_value_is_refused_in_a_line_that_names_the_key(string key, string value, string refusal)
    {
        var refused = Assert.Throws<SettingException>(() => Sources.Development((key, value)).CheckAll());

        Assert.Equal($"{key}: \"{value}\" {refusal}", refused.Message);
    }

    [Fact]
    public void Defaults_are_values_of_their_kind() => Sources.Production().CheckAll();

    [Fact]
    public void Every_key_is_declared_once() =>
        Assert.Equal(CloudSettings.All.Count, CloudSettings.All.Select(setting => setting.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void Keys_are_found_in_any_case() =>
        Assert.Equal(5000, Sources.Development(("ocfcloud:devices:maxmessagesize", "5000")).Read(CloudSettings.MaxMessageSize));

    [Fact]
    public void Lists_are_read_in_the_order_of_their_numbers()
    {
        using var folder = new TemporaryFolder();
        var settings = Enumerable.Range(0, 11).Select(number => ($"OcfCloud:Devices:TrustAnchors:{number}", Directory.CreateDirectory(folder[$"anchors{number}"]).FullName)).ToArray();

        Assert.Equal(settings.Select(setting => setting.Item2), Sources.Development(settings).Read(CloudSettings.DeviceTrustAnchors));
    }

    [Theory]
    [InlineData("00:00:01", 1)]
    [InlineData("1.00:00:00", 86_400)]
    [InlineData("10.01:00:00", 867_600)]
    [InlineData("00:00:00.25", 0.25)]
    public void Durations_have_days_hours_minutes_and_seconds(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Sources.Development(("OcfCloud:Devices:IdlePing", text)).Read(CloudSettings.IdlePing));

    [Fact]
    public void Zero_is_a_lifetime_of_device_tokens_that_never_expire() =>
        Assert.Equal(TimeSpan.Zero, Sources.Development(("OcfCloud:Devices:AccessTokenLifetime", "00:00:00")).Read(CloudSettings.DeviceAccessTokenLifetime));

    [Fact]
    public void An_authority_needs_an_audience()
    {
        var refused = Assert.Throws<SettingException>(() => SettingRules.CheckTogether(Sources.Development(("OcfCloud:Authority", "https://issuer.example"))));

        Assert.Equal("OcfCloud:Audience: is not set, but OcfCloud:Authority is", refused.Message);
    }

    [Fact]
    public void Nobody_makes_accounts_here_that_an_authority_could_name()
    {
        var refused = Assert.Throws<SettingException>(() => SettingRules.CheckTogether(Sources.Development(
            ("OcfCloud:Authority", "https://issuer.example"), ("OcfCloud:Audience", "cloud"), ("OcfCloud:Console:AllowRegistration", "true"))));

        Assert.Equal("OcfCloud:Console:AllowRegistration: \"true\" is not allowed while OcfCloud:Authority is set", refused.Message);
        SettingRules.CheckTogether(Sources.Development(("OcfCloud:Console:AllowRegistration", "true")));
    }

    [Fact]
    public void PostgreSql_needs_a_connection_string()
    {
        var refused = Assert.Throws<SettingException>(() => SettingRules.CheckTogether(Sources.Development(("OcfCloud:Store:Provider", "PostgreSql"))));

        Assert.StartsWith("ConnectionStrings:OcfCloud: is not set", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_without_a_certificate_are_for_Development_alone()
    {
        var refused = Assert.Throws<SettingException>(() => SettingRules.CheckTogether(Sources.Production(("OcfCloud:Devices:AllowWithoutCertificate", "true"))));

        Assert.Equal("OcfCloud:Devices:AllowWithoutCertificate: \"true\" is for Development alone", refused.Message);
        SettingRules.CheckTogether(Sources.Development(("OcfCloud:Devices:AllowWithoutCertificate", "true")));
    }
}
