using OcfCloud.EndToEnd.Devices;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>Tokens of another cloud end, and are refused to be renewed.</summary>
[Collection(nameof(LinkingCloud))]
public sealed class TokenLifeTests(LinkingCloud fixture) : IDisposable
{
    private StrictTarget Target => fixture.Target;

    [Fact]
    public async Task An_expired_token_is_refreshed_once_however_many_ask()
    {
        var alice = await fixture.LinkedAsync();
        await Target.ExpireTokensAsync();

        var codes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => alice.CodeOfAsync(StrictTarget.Light, "/light")));

        Assert.All(codes, code => Assert.Equal("2.05", code));
        var state = await Target.StateAsync();
        Assert.Equal((1, 1), (state.CountOf("token refresh_token"), state.RefreshTokens));
    }

    [Fact]
    public async Task A_refused_refresh_asks_the_user_to_link_again_and_stops_the_calls_of_that_account_alone()
    {
        var alice = await fixture.LinkedAsync();
        await using var own = new TestDevice(fixture.Cloud, ("/light", "oic.r.light"));
        await own.JoinAsync(alice.User);
        await Target.RefuseRefreshAsync();
        await Target.ExpireTokensAsync();

        Assert.Equal("5.02", await alice.CodeOfAsync(StrictTarget.Light, "/light"));
        await alice.ShowAsync();
        Assert.Contains("link again", alice.Browser.Text, StringComparison.OrdinalIgnoreCase);
        await Target.ResetAsync();
        for (var n = 0; n < 5; n++) Assert.Equal("5.02", await alice.CodeOfAsync(StrictTarget.Light, "/light"));
        var state = await Target.StateAsync();
        Assert.Equal((0, 0), (state.CountOf("GET resource"), state.CountOf("token")));
        Assert.Equal("2.05", await alice.CodeOfAsync(own.Id, "/light"));

        await alice.LinkAsync();
        await alice.WaitForMirrorsAsync();
        Assert.Equal("2.05", await alice.CodeOfAsync(StrictTarget.Light, "/light"));
    }

    public void Dispose() => fixture.AssertNothingRefused();
}
