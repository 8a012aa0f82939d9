using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Host.Tests.Commands;

public sealed class PkiCommandsTests : IDisposable
{
    private const string Device = "5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11";

    private readonly Installation _production = new("Production");

    public void Dispose() => _production.Dispose();

    [Fact]
    public async Task Init_makes_what_Production_needs_for_the_names_given()
    {
        var made = (await _production.RunAsync("pki", "init", "--out", _production["pki"], "--dns", "cloud.example", "192.0.2.7", "--json")).Done().Json;

        Assert.Equal(3, made.GetProperty("made").GetArrayLength());
        using var cloud = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_production["pki"], "cloud.pem"));
        Assert.Contains("cloud.example", cloud.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.True(File.Exists(Path.Combine(_production["pki"], "device-ca.pem")));
    }

    [Fact]
    public async Task Init_leaves_what_is_there()
    {
        (await _production.RunAsync("pki", "init", "--out", _production["pki"])).Done();
        var before = await File.ReadAllTextAsync(Path.Combine(_production["pki"], "cloud.pem"), TestContext.Current.CancellationToken);

        Assert.Contains("already", (await _production.RunAsync("pki", "init", "--out", _production["pki"])).Done().Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(_production["pki"], "cloud.pem"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_device_is_certified_by_the_data_directorys_authority()
    {
        (await _production.RunAsync("pki", "init", "--out", Path.Combine(_production.Data, "pki"))).Done();

        (await _production.RunAsync("pki", "issue-device", "--di", Device, "--out", _production["device"])).Done();

        using var device = X509Certificate2.CreateFromPemFile(Path.Combine(_production["device"], "device.pem"), Path.Combine(_production["device"], "device.key"));
        Assert.Equal($"CN=uuid:{Device}", device.Subject);
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(_production.Data, "pki", "cloud-ca.pem"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(_production["device"], "cloud-ca.pem"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Production_makes_no_authority_by_itself()
    {
        var refusal = (await _production.RunAsync("pki", "issue-device", "--di", Device, "--out", _production["device"])).Refusal(1);

        Assert.EndsWith("is not there: pki init makes it.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_makes_the_authority_before_the_first_start()
    {
        using var development = new Installation();

        (await development.RunAsync("pki", "issue-device", "--di", Device, "--out", development["device"])).Done();

        Assert.True(File.Exists(Path.Combine(development.Data, "pki", "device-ca.key")));
    }
}
