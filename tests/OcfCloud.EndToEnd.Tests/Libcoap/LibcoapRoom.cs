using System.Text.RegularExpressions;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Libcoap;

/// <summary>Tests of libcoap's programs have one cloud.</summary>
[CollectionDefinition(nameof(LibcoapRoom))]
public sealed class LibcoapRoomTests : ICollectionFixture<LibcoapRoom>;

/// <summary>A cloud, a user, and libcoap's programs: its own client, and a device that is built here.</summary>
public sealed class LibcoapRoom : IAsyncLifetime
{
    private static readonly Regex AnswerLine =
        new(@"^v:1 t:\S+ c:(?<code>[245]\.\d\d) .*?\[ ?(?<options>.*?) ?\]", RegexOptions.None, TimeSpan.FromSeconds(1));

    private readonly TemporaryFolder _folder = new();
    private Cloud? _cloud;
    private CloudUser? _user;

    internal Cloud Cloud => _cloud ?? throw new InvalidOperationException("The room is not ready.");

    internal CloudUser User => _user ?? throw new InvalidOperationException("The room is not ready.");

    public async ValueTask InitializeAsync()
    {
        _cloud = await Cloud.StartSharedAsync(TestStore.Sqlite);
        _user = await _cloud.AddUserAsync("alice");
        await BuildDeviceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cloud is not null)
        {
            await _cloud.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A certificate from the command that operators use: the folder with its three files.</summary>
    internal async Task<string> IssueDeviceAsync(Guid device)
    {
        var folder = _folder.File(device.ToString());
        (await Cloud.ArrangeAsync("pki", "issue-device", "--di", device.ToString(), "--out", folder)).Succeeded();
        return folder;
    }

    /// <summary>Runs libcoap's client with a device's certificate; the body of a 2.xx answer is in the result.</summary>
    internal async Task<LibcoapAnswer> RequestAsync(string certificates, string method, string address, byte[]? payload = null, params string[] options)
    {
        var (body, answer) = (_folder.File(Guid.NewGuid().ToString("N")), _folder.File(Guid.NewGuid().ToString("N")));
        List<string> arguments =
        [
            "-c", Path.Combine(certificates, "device.pem"), "-j", Path.Combine(certificates, "device.key"), "-R", Path.Combine(certificates, "cloud-ca.pem"),
            "-v", "7", "-B", "10", "-o", answer, "-m", method, .. options,
        ];
        if (payload is not null)
        {
            await File.WriteAllBytesAsync(body, payload);
            arguments.AddRange("-t", "10000", "-f", body);
        }

        await using var client = RunningProgram.Start("coap-client-openssl", [.. arguments, $"coaps+tcp://{Cloud.Coaps}{address}"]);
        await client.WaitForExitAsync();
        var lines = client.Output.Concat(client.Errors).ToList();
        // What libcoap took for the answer, and how it read its options.
        var line = lines.Select(l => AnswerLine.Match(l)).LastOrDefault(m => m.Success);
        return new LibcoapAnswer(
            line?.Groups["code"].Value, line?.Groups["options"].Value ?? string.Empty, File.Exists(answer) ? await File.ReadAllBytesAsync(answer) : [], lines);
    }

    /// <summary>Starts the device.</summary>
    internal RunningProgram StartDevice(string certificates, Guid device, string oneTimeToken) => RunningProgram.Start(
        _folder.File("device"),
        [
            Cloud.Coaps.Address.ToString(), Cloud.Coaps.Port.ToString(), Path.Combine(certificates, "device.pem"), Path.Combine(certificates, "device.key"),
            Path.Combine(certificates, "cloud-ca.pem"), Cloud.Sid.ToString(), device.ToString(), oneTimeToken,
        ]);

    private async Task BuildDeviceAsync()
    {
        var source = Path.Combine(Repository.Root, "tests", "OcfCloud.EndToEnd.Tests", "Libcoap", "device.c");
        await using var compiler = RunningProgram.Start(
            "gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-o", _folder.File("device"), source, "-lcoap-3-openssl"]);
        Assert.True(await compiler.WaitForExitAsync() == 0, compiler.Transcript);
    }
}
