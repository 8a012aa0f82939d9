using System.Net;

namespace OcfCloud.Host.Tests.Composition;

public sealed class ProductionStartTests : IAsyncLifetime
{
    private readonly Installation _installation = new("Production");

    private string[] Https => [$"--OcfCloud:Certificates:Https:Path={Pki("cloud.pem")}", $"--OcfCloud:Certificates:Https:KeyPath={Pki("cloud.key")}"];

    private string[] Coaps => [$"--OcfCloud:Certificates:Coaps:Path={Pki("cloud.pem")}", $"--OcfCloud:Certificates:Coaps:KeyPath={Pki("cloud.key")}"];

    private string[] Anchors => [$"--OcfCloud:Devices:TrustAnchors:0={Pki("device-ca.pem")}"];

    public async ValueTask InitializeAsync() => (await _installation.RunAsync("pki", "init", "--out", _installation["pki"])).Done();

    public ValueTask DisposeAsync()
    {
        _installation.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Nothing_is_made_and_what_is_missing_is_named()
    {
        Assert.Equal(
            "OcfCloud:Certificates:Https:Path: is not set, and only Development makes one by itself",
            (await RefusedAsync([.. Coaps, .. Anchors])));
        Assert.Equal(
            "OcfCloud:Certificates:Coaps:Path: is not set, and only Development makes one by itself",
            (await RefusedAsync([.. Https, .. Anchors])));
        Assert.Equal(
            "OcfCloud:Devices:TrustAnchors: is not set, and only Development makes one by itself",
            (await RefusedAsync([.. Https, .. Coaps])));
        Assert.False(Directory.Exists(Path.Combine(_installation.Data, "pki")));
    }

    [Fact]
    public async Task With_what_pki_init_made_it_starts_without_users()
    {
        await using var host = await RunningHost.StartAsync(_installation, [.. Https, .. Coaps, .. Anchors]);

        using var ready = await host.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(0, (await _installation.RunAsync("user", "list", "--json")).Done().Json.GetArrayLength());
        Assert.False(Directory.Exists(Path.Combine(_installation.Data, "simulator")));
        Assert.DoesNotContain(host.Printed, line => line.Contains("password", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Certificates_and_keys_that_do_not_fit_are_named()
    {
        Assert.Equal(
            $"OcfCloud:Certificates:Coaps:KeyPath: \"{Pki("cloud-ca.key")}\" is no private key of that certificate (PEM)",
            await RefusedAsync([.. Https, .. Anchors, $"--OcfCloud:Certificates:Coaps:Path={Pki("cloud.pem")}", $"--OcfCloud:Certificates:Coaps:KeyPath={Pki("cloud-ca.key")}"]));
        Assert.Equal(
            $"OcfCloud:Certificates:Https:Path: \"{Pki("cloud.key")}\" is no certificate that can be read (PEM)",
            await RefusedAsync([.. Coaps, .. Anchors, $"--OcfCloud:Certificates:Https:Path={Pki("cloud.key")}"]));
        Assert.Equal(
            "OcfCloud:Certificates:Https:Path: is not set, but OcfCloud:Certificates:Https:KeyPath is",
            await RefusedAsync([.. Coaps, .. Anchors, $"--OcfCloud:Certificates:Https:KeyPath={Pki("cloud.key")}"]));
        Assert.StartsWith(
            "OcfCloud:Devices:TrustAnchors:0: ",
            await RefusedAsync([.. Https, .. Coaps, $"--OcfCloud:Devices:TrustAnchors:0={Pki("device-ca.key")}"]),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"OcfCloud:Outbound:TrustAnchors: \"{Pki("cloud.key")}\" holds no certificate",
            await RefusedAsync([.. Https, .. Coaps, .. Anchors, $"--OcfCloud:Outbound:TrustAnchors:0={Pki("cloud.key")}"]),
            StringComparison.Ordinal);
    }

    // As a copy that was broken off leaves it: the authorities behind the first one would not be trusted, and nobody would know why.
    [Theory]
    [InlineData("OcfCloud:Outbound:TrustAnchors")]
    [InlineData("OcfCloud:Onvif:TrustAnchors")]
    public async Task A_file_of_authorities_that_is_cut_off_is_named(string setting)
    {
        var whole = await File.ReadAllTextAsync(Pki("cloud-ca.pem"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Pki("cut.pem"), whole + "\n" + whole[..100], TestContext.Current.CancellationToken);
        Assert.Equal(
            $"{setting}: \"{Pki("cut.pem")}\" holds something that is no certificate (PEM)",
            await RefusedAsync([.. Https, .. Coaps, .. Anchors, $"--{setting}:0={Pki("cut.pem")}"]));
    }

    [Fact]
    public async Task A_cloud_id_that_is_not_the_certificates_is_refused()
    {
        var refusal = await RefusedAsync([.. Https, .. Coaps, .. Anchors, "--OcfCloud:CloudId=5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11"]);

        Assert.StartsWith("OcfCloud:CloudId: \"5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11\" is not the UUID of the coaps certificate, ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_before_anything_is_made()
    {
        Assert.Equal(
            "OcfCloud:Devices:IdlePing: \"2m\" is no duration (hh:mm:ss or d.hh:mm:ss)",
            await RefusedAsync([.. Https, .. Coaps, .. Anchors, "--OcfCloud:Devices:IdlePing=2m"]));
        Assert.False(Directory.Exists(_installation.Data));
    }

    [Fact]
    public async Task A_key_ring_certificate_without_RSA_is_refused_where_it_is_used()
    {
        var refusal = await RefusedAsync(
        [
            .. Https, .. Coaps, .. Anchors, "--OcfCloud:Store:Provider=PostgreSql", "--ConnectionStrings:OcfCloud=Host=127.0.0.1;Port=1",
            $"--OcfCloud:Certificates:KeyRing:Path={Pki("cloud.pem")}", $"--OcfCloud:Certificates:KeyRing:KeyPath={Pki("cloud.key")}",
        ]);

        Assert.Equal($"OcfCloud:Certificates:KeyRing:Path: \"{Pki("cloud.pem")}\" has no RSA key, and Data Protection takes no other", refusal);
    }

    private string Pki(string name) => Path.Combine(_installation["pki"], name);

    private async Task<string> RefusedAsync(string[] settings) => (await _installation.RunAsync(RunningHost.Arguments(settings))).Refusal(1);
}
