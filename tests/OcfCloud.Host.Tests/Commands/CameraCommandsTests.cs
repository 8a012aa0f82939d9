using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Host.Tests.Commands;

public sealed class CameraCommandsTests : IDisposable
{
    private readonly Installation _installation = new();

    public void Dispose() => _installation.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_camera_is_enrolled_listed_and_removed(bool asPem)
    {
        await StartedOnceAsync();
        (await _installation.RunAsync("user", "add", "alice")).Done();
        var file = Request(asPem);

        var added = (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", file, "--json")).Done().Json;
        var listed = (await _installation.RunAsync("camera", "list", "--user", "alice", "--json")).Done().Json;

        Assert.Equal(["id", "clientId", "serverUri", "scope", "uplinks", "trustAnchors"], added.EnumerateObject().Select(member => member.Name));
        Assert.EndsWith("/.well-known/openid-configuration", added.GetProperty("serverUri").GetString(), StringComparison.Ordinal);
        Assert.Equal("onvif.uplink", added.GetProperty("scope").GetString());
        Assert.Equal(2, added.GetProperty("uplinks").GetArrayLength());
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(_installation.Data, "pki", "cloud-ca.pem"), TestContext.Current.CancellationToken)).Trim(), added.GetProperty("trustAnchors")[0].GetString()!.Trim());
        var camera = Assert.Single(listed.EnumerateArray().ToArray());
        Assert.Equal(added.GetProperty("id").GetString(), camera.GetProperty("id").GetString());
        Assert.Equal("alice", camera.GetProperty("user").GetString());
        Assert.Equal("waiting", camera.GetProperty("status").GetString());
        Assert.Contains("another camera's", (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", file)).Refusal(1), StringComparison.Ordinal);

        (await _installation.RunAsync("camera", "remove", camera.GetProperty("id").GetString()!)).Done();
        Assert.Equal(0, (await _installation.RunAsync("camera", "list", "--json")).Done().Json.GetArrayLength());
        Assert.Contains("There is no camera", (await _installation.RunAsync("camera", "remove", camera.GetProperty("id").GetString()!)).Refusal(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_requests_users_and_ids_are_refused()
    {
        await StartedOnceAsync();
        (await _installation.RunAsync("user", "add", "alice")).Done();
        var bad = _installation["bad.csr"];
        await File.WriteAllTextAsync(bad, "no request", TestContext.Current.CancellationToken);
        var key = _installation["key.pem"];
        await File.WriteAllTextAsync(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", TestContext.Current.CancellationToken);

        Assert.Contains("PKCS#10", (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", bad)).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("no certification request", (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", key)).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("There is no file", (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", _installation["none"])).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("There is no user", (await _installation.RunAsync("camera", "add", "--user", "nobody", "--csr", Request(true))).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("no camera id", (await _installation.RunAsync("camera", "remove", "7")).Refusal(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trust_anchors_that_are_named_are_what_cameras_get()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var anchor = new CertificateRequest("CN=root", pair, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var file = _installation["root.pem"];
        await File.WriteAllTextAsync(file, anchor.ExportCertificatePem(), TestContext.Current.CancellationToken);

        var added = (await _installation.RunAsync($"--OcfCloud:Onvif:TrustAnchors:0={file}", "camera", "add", "--user", "alice", "--csr", Request(true), "--json")).Done().Json;

        Assert.Equal([anchor.ExportCertificatePem()], added.GetProperty("trustAnchors").EnumerateArray().Select(pem => pem.GetString()));

        // Without any, a cloud that never started has none to give.
        Assert.Contains("OcfCloud:Onvif:TrustAnchors", (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", Request(true))).Refusal(1), StringComparison.Ordinal);
        Assert.Equal(1, (await _installation.RunAsync("camera", "list", "--json")).Done().Json.GetArrayLength());
    }

    [Fact]
    public async Task Firmware_is_added_listed_and_removed()
    {
        (await _installation.RunAsync("firmware", "add", "--model", "AC-2000", "--version", "4.10.0")).Done();
        (await _installation.RunAsync("firmware", "add", "--model", "AC-2000", "--version", "4.9.0")).Done();
        Assert.Contains("already", (await _installation.RunAsync("firmware", "add", "--model", "AC-2000", "--version", "4.9.0")).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("1 to 128", (await _installation.RunAsync("firmware", "add", "--model", "", "--version", "4.9.0")).Refusal(1), StringComparison.Ordinal);

        var listed = (await _installation.RunAsync("firmware", "list", "--json")).Done().Json;
        Assert.Equal(["4.9.0", "4.10.0"], listed.EnumerateArray().Select(image => image.GetProperty("version").GetString()));

        (await _installation.RunAsync("firmware", "remove", "--model", "AC-2000", "--version", "4.9.0")).Done();
        Assert.Contains("There is no firmware", (await _installation.RunAsync("firmware", "remove", "--model", "AC-2000", "--version", "4.9.0")).Refusal(1), StringComparison.Ordinal);
        Assert.Equal(1, (await _installation.RunAsync("firmware", "list", "--json")).Done().Json.GetArrayLength());
    }

    // What Development makes at its first start.
    private async Task StartedOnceAsync() => (await _installation.RunAsync("pki", "init", "--out", Path.Combine(_installation.Data, "pki"))).Done();

    private string Request(bool asPem)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=camera", pair, HashAlgorithmName.SHA256);
        var file = _installation[$"{Guid.NewGuid():N}.csr"];
        if (asPem) File.WriteAllText(file, request.CreateSigningRequestPem());
        else File.WriteAllBytes(file, request.CreateSigningRequest());
        return file;
    }
}
