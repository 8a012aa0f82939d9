using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Accounts;

/// <summary>What must be true once must be true when many ask for it at the same moment.</summary>
public sealed class RaceTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private const int Many = 12;

    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task A_one_time_token_registers_one_of_many_devices()
    {
        var token = await User.CreateDeviceTokenAsync();
        await using var devices = new Crowd(Enumerable.Range(0, Many).Select(_ => new TestDevice(Cloud)));
        await devices.AllAsync(device => device.ConnectAsync());
        var codes = await devices.AllAsync(async device => (await device.TrySignUpAsync(token)).CodeText);
        Assert.Equal(1, codes.Count(code => code == "2.04"));
        Assert.Equal(Many - 1, codes.Count(code => code == "4.01"));
        var registered = (await User.ListDevicesAsync()).Select(d => d.Di).Intersect(devices.Select(d => d.Id));
        Assert.Single(registered);
    }

    [Fact]
    public async Task Of_many_sign_ins_of_one_device_one_connection_is_left_and_the_device_is_online_by_it()
    {
        await using var first = new TestDevice(Cloud);
        await first.JoinAsync(User);
        await using var devices = new Crowd(Enumerable.Range(0, Many).Select(_ => new TestDevice(Cloud, first.Id, ("/light", "oic.r.light")) { Tokens = first.Tokens }));
        await devices.AllAsync(device => device.ConnectAsync());
        var signedIn = await devices.AllAsync(async device =>
        {
            try
            {
                return (Device: device, Code: (await device.TrySignInAsync()).CodeText);
            }
            catch (WireEndedException)
            {
                // A later one had won before the answer was out.
                return (Device: device, Code: "ended");
            }
        });
        await first.Connection.EndAsync();

        // 4.01: a later one had won before the session began; the connection stays, as after any refusal.
        Assert.All(signedIn, outcome => Assert.True(outcome.Code is "2.04" or "4.01" or "ended", outcome.Code));
        var accepted = signedIn.Where(outcome => outcome.Code == "2.04").Select(outcome => outcome.Device).ToList();
        await Eventually.EqualAsync(1, () => Task.FromResult(accepted.Count(device => !device.Connection.Ended.IsCompleted)));
        var left = accepted.Single(device => !device.Connection.Ended.IsCompleted);
        await using var client = new TestDevice(Cloud);
        await client.JoinAsync(User);
        Assert.Equal("2.05", (await client.RequestAsync("GET", left.PathOf("/light"))).CodeText);
        Assert.Single(left.Connection.Received, m => m.IsRequest);
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(first.Id));
        await left.DisposeAsync();
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(first.Id));
    }

    [Fact]
    public async Task A_removal_beside_sign_ins_publishes_and_refreshes_leaves_nothing_of_the_device()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
            await device.JoinAsync(User);
            await using var crowd = new Crowd(Enumerable.Range(0, 4).Select(_ => new TestDevice(Cloud, device.Id, ("/light", "oic.r.light")) { Tokens = device.Tokens }));
            await crowd.AllAsync(d => d.ConnectAsync());
            var work = crowd.AllAsync(async d =>
            {
                try
                {
                    await d.TrySignInAsync();
                    await d.TryPublishAsync();
                    await d.TryRefreshAsync(keep: false);
                }
                catch (WireEndedException)
                {
                    // Displaced, or removed.
                }

                return 0;
            });
            await User.RemoveDeviceAsync(device.Id);
            await work;
            Assert.Null(await User.StatusOfAsync(device.Id));
            foreach (var d in crowd)
            {
                await d.ConnectAsync();
                Assert.Equal("4.01", (await d.TrySignInAsync()).CodeText);
            }
        }
    }

    [Fact]
    public async Task Many_refreshes_with_one_token_all_give_tokens_of_which_the_first_used_counts()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await using var crowd = new Crowd(Enumerable.Range(0, 4).Select(_ => new TestDevice(Cloud, device.Id) { Tokens = device.Tokens }));
        await crowd.AllAsync(d => d.ConnectAsync());
        Assert.All(await crowd.AllAsync(async d => (await d.TryRefreshAsync()).CodeText), code => Assert.Equal("2.04", code));
        var codes = await crowd.AllAsync(async d =>
        {
            try
            {
                return (await d.TrySignInAsync()).CodeText;
            }
            catch (WireEndedException)
            {
                return "ended";
            }
        });
        Assert.Equal(1, codes.Count(code => code == "2.04"));
    }

    [Fact]
    public async Task A_flood_of_requests_gets_one_answer_each()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(User);
        var requests = Enumerable.Range(0, 500).Select(i => (i % 4) switch
        {
            0 => WireRequest.Of("GET", $"/oic/res?di={device.Id}"),
            1 => WireRequest.Of("POST", "/oic/rd", device.PublishPayload()),
            2 => WireRequest.Of("GET", device.PathOf("/light")),
            _ => WireRequest.Of("POST", "/oic/sec/session", [0xA0]),
        }).ToList();
        var answers = requests.Select(device.Connection.RequestAsync).ToList();
        foreach (var (request, answer) in requests.Zip(await Task.WhenAll(answers)))
        {
            Assert.True(answer.CodeText is "2.05" or "2.04" or "4.00" or "5.03", $"{request.Path}: {answer.CodeText}");
            Assert.Single(device.Connection.ReceivedUnder(request.Token));
        }

        Assert.Equal("2.05", (await device.RequestAsync("GET", device.PathOf("/light"))).CodeText);
    }
}
