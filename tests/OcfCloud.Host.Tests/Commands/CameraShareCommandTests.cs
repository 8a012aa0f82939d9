using Microsoft.Data.Sqlite;
using Microsoft.IdentityModel.JsonWebTokens;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Host.Tests.Composition;

namespace OcfCloud.Host.Tests.Commands;

public sealed class CameraShareCommandTests : IAsyncLifetime
{
    private readonly Installation _installation = new();
    private string _camera = "";

    public async ValueTask InitializeAsync()
    {
        // Its certificate is what a camera is given.
        await (await RunningHost.StartAsync(_installation)).DisposeAsync();
        (await _installation.RunAsync("user", "add", "alice")).Done();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = _installation["camera.csr"];
        await File.WriteAllBytesAsync(file, new CertificateRequest("CN=camera", key, HashAlgorithmName.SHA256).CreateSigningRequest(), TestContext.Current.CancellationToken);
        _camera = (await _installation.RunAsync("camera", "add", "--user", "alice", "--csr", file, "--json")).Done().Json.GetProperty("id").GetString()!;
    }

    public ValueTask DisposeAsync()
    {
        _installation.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_token_of_a_camera_that_connected_stands_alone_on_the_last_line()
    {
        Assert.Contains("never connected", (await _installation.RunAsync("camera", "share", _camera)).Refusal(1), StringComparison.Ordinal);
        await ConnectAsync();

        var plain = new JsonWebToken((await _installation.RunAsync("camera", "share", _camera, "--OcfCloud:PublicUrl=https://cloud.example")).Done().LastLine);
        Assert.Equal("https://cloud.example/onvif/cloud", plain.GetPayloadValue<string>("onvif:xaddr"));
        Assert.Equal(("share", "Administrator"), (plain.GetPayloadValue<string>("mode"), plain.GetPayloadValue<string>("max_user_level")));
        Assert.Equal(TimeSpan.FromHours(1), plain.ValidTo - plain.IssuedAt);

        var chosen = new JsonWebToken((await _installation.RunAsync(
            "camera", "share", _camera, "--mode", "transfer", "--level", "Administrator", "--lifetime", "00:10:00", "--recipient", "ocs.example", "--json")).Done().Json.GetString());
        Assert.Equal("transfer", chosen.GetPayloadValue<string>("mode"));
        Assert.Equal(TimeSpan.FromMinutes(10), chosen.ValidTo - chosen.IssuedAt);
    }

    [Fact]
    public async Task What_cannot_be_ordered_is_refused_in_a_sentence()
    {
        await ConnectAsync();
        Assert.Contains("no camera id", (await _installation.RunAsync("camera", "share", "7")).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("--mode", (await _installation.RunAsync("camera", "share", _camera, "--mode", "give")).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("--level", (await _installation.RunAsync("camera", "share", _camera, "--level", "root")).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("--lifetime", (await _installation.RunAsync("camera", "share", _camera, "--lifetime", "2.00:00:00")).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("no such camera", (await _installation.RunAsync("camera", "share", Guid.NewGuid().ToString())).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("host", (await _installation.RunAsync("camera", "share", _camera, "--recipient", "https://ocs.example")).Refusal(1), StringComparison.Ordinal);
        Assert.Contains("Administrator", (await _installation.RunAsync("camera", "share", _camera, "--mode", "transfer", "--level", "User")).Refusal(1), StringComparison.Ordinal);
    }

    // As the first uplink leaves it.
    private async Task ConnectAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_installation.Data, "ocfcloud.db")}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """UPDATE cameras SET "State" = 1, "Manufacturer" = 'Acme', "Model" = 'AC-2000', "SerialNumber" = '00408CFA1234'""";
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
