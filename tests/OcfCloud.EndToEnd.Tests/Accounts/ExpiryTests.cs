using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Accounts;

/// <summary>device-to-cloud.md, 3 to 5: what ends by itself; and the redirection of a sign-up answer.</summary>
public sealed class ExpiryTests(ShortLivedCloud fixture) : IClassFixture<ShortLivedCloud>
{
    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task A_token_that_expires_in_mid_session_closes_the_connection_and_its_refresh_token_lives_on()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        Assert.Equal(3L, device.Tokens.ExpiresIn);
        await device.Connection.EndAsync();
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(device.Id));

        await device.ConnectAsync();
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
        await device.SignInAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_extends_a_live_session_and_so_does_a_second_sign_in(bool signsIn)
    {
        await using var device = new TestDevice(Cloud);
        await using var witness = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await witness.JoinAsync(User);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        // The witness came later: when its session is over, the other's would be.
        while (!witness.Connection.Ended.IsCompleted)
        {
            Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
            if (signsIn)
            {
                await device.SignInAsync();
            }

            await often.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await device.Connection.PingAsync();
    }

    [Fact]
    public async Task A_one_time_token_has_a_lifetime()
    {
        await using var device = new TestDevice(Cloud);
        var token = await User.CreateDeviceTokenAsync(device.Id);
        await Eventually.EqualAsync("4.01", async () =>
        {
            await device.ConnectAsync();
            return (await device.TrySignUpAsync(token)).CodeText;
        });
    }

    [Fact]
    public async Task A_sign_up_answer_names_another_endpoint_where_one_is_set()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var answer = await device.TrySignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        Assert.Equal("coaps+tcp://cloud.example:5684", Cbor.DecodeMap(answer.Payload)["redirecturi"]);
    }

    [Fact]
    public async Task A_lifetime_of_zero_means_never_and_the_redirection_to_the_endpoint_in_use_is_left_out()
    {
        await using var cloud = await Cloud.StartAtAsync(endpoint => $"Devices:RedirectUri=coaps+tcp://{endpoint}", "Devices:AccessTokenLifetime=00:00:00");
        await using var another = new TestDevice(cloud);
        await another.ConnectAsync();
        var answer = await another.TrySignUpAsync(await (await cloud.DemoUserAsync()).CreateDeviceTokenAsync(another.Id));
        Assert.DoesNotContain("redirecturi", Cbor.DecodeMap(answer.Payload).Keys);

        await using var device = new TestDevice(cloud);
        await device.ConnectAsync();
        await device.SignUpAsync(await (await cloud.DemoUserAsync()).CreateDeviceTokenAsync(device.Id));
        Assert.Equal(-1L, device.Tokens.ExpiresIn);
        Assert.Equal(-1L, Cbor.DecodeMap((await device.TrySignInAsync()).Payload)["expiresin"]);
        await device.TryRefreshAsync();
        Assert.Equal(-1L, device.Tokens.ExpiresIn);
    }
}
