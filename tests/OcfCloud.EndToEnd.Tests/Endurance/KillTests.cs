using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Endurance.Stores;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The host is killed amid publishes, sign-ups and refreshes, several times: what it answered with success is there, nothing is half.</summary>
public sealed class KillTests(PostgreSqlFixture postgreSql)
{
    private const int Rounds = 2, Devices = 12, NewDevicesEachRound = 8;

    [Fact]
    public Task What_was_answered_survives_a_kill_on_SQLite() => KillAsync(TestStore.Sqlite, Rounds);

    [Fact]
    public async Task What_was_answered_survives_a_kill_on_PostgreSQL()
    {
        postgreSql.Require();
        await KillAsync(new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), Rounds);
    }

    internal static async Task KillAsync(TestStore store, int rounds)
    {
        await using var cloud = await Cloud.StartAsync(store);
        using var user = new CrowdUser(await cloud.AddUserAsync("alice"));
        List<Survivor> devices = [];
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                List<Survivor> newcomers = [];
                for (var n = 0; n < (round == 0 ? Devices : NewDevicesEachRound); n++)
                {
                    newcomers.Add(await Survivor.BornAsync(user));
                }

                devices.AddRange(newcomers);
                await Task.WhenAll(devices.Select(d => d.ConnectAsync()));
                var lives = devices.Select(d => Task.Run(d.LiveUntilTheEndAsync)).ToList();
                // In the middle: each round a little later, counted in answers and not in time.
                await Survivor.WaitForAnswersAsync(devices, atLeast: 15 * (round + 1));
                await cloud.KillAsync();
                await Task.WhenAll(lives);
                await StoreCheck.AssertAsync(cloud);

                await cloud.StartAsync();
                await CheckAsync(cloud, user, devices, round);
            }

            // The rounds were not empty.
            Assert.True(devices.Sum(d => d.Unanswered) > 0, "every request was answered before the kill");
        }
        finally
        {
            foreach (var device in devices)
            {
                await device.DisposeAsync();
            }
        }
    }

    private static async Task CheckAsync(Cloud cloud, CrowdUser user, List<Survivor> devices, int round)
    {
        var listed = (await cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray().ToDictionary(d => d.GetProperty("di").GetGuid());
        foreach (var (id, device) in listed)
        {
            var status = device.GetProperty("status").GetString();
            Assert.True(status == "offline", $"round {round}: {id} is {status} and connected to nothing");
        }

        foreach (var device in devices)
        {
            Assert.True(listed.ContainsKey(device.Id) || !device.IsRegistered, $"round {round}: a sign-up that was answered is gone: {device}");
        }

        await using var client = new TestDevice(cloud);
        await client.ConnectAsync();
        await client.SignUpAsync(await user.CreateDeviceTokenAsync(client.Id));
        await client.SignInAsync();
        var links = await client.DiscoverAsync();
        foreach (var device in devices)
        {
            device.CheckLinks([.. links.Where(l => l.StartsWith($"/{device.Id}/", StringComparison.Ordinal))], round);
        }

        // The tokens that were answered work, and where no answer came, those before.
        await Task.WhenAll(devices.Select(d => d.ComeBackAsync()));
        var unregistered = await client.RequestAsync("DELETE", "/oic/sec/account");
        Assert.Equal("2.02", unregistered.CodeText);
    }
}
