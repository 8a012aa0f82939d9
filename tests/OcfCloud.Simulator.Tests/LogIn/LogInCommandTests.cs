using System.Net;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.LogIn;

public sealed class LogInCommandTests : IAsyncLifetime
{
    private static readonly HttpClient Browser = new();

    private CommandRoom _room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Issuer => FakeAuthorizationServer.IssuerOf(_room.Mediator.Url);

    private string LogInFile => _room.Pki.Data.SimulatorFile("login.json");

    public async ValueTask InitializeAsync() => _room = await CommandRoom.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task The_request_has_what_a_public_client_owes()
    {
        var (command, asked) = await StartAsync("--client-id", "my-app", "--scope", "mediator");

        Assert.Equal("code", asked["response_type"]);
        Assert.Equal("my-app", asked["client_id"]);
        Assert.Equal("mediator", asked["scope"]);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", asked["code_challenge"]);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", asked["state"]);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+/callback$", asked["redirect_uri"]);
        Assert.Equal(0, await command.StopAsync());
    }

    [Fact]
    public async Task The_token_of_who_logged_in_is_used_before_the_hosts_and_only_its_owner_can_read_it()
    {
        await LogInAsync();

        Assert.Equal("Bearer access-1", await BearerOfTheNextDeviceAsync());
        Assert.Equal("user-token", (await File.ReadAllTextAsync(_room.Pki.Data.UserToken, Cancellation)).Trim());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LogInFile));
    }

    [Fact]
    public async Task An_expired_token_is_refreshed_and_the_next_refresh_token_kept()
    {
        _room.Mediator.Authorization.ExpiresIn = 1; // within the margin at once
        await LogInAsync();

        Assert.Equal("Bearer access-2", await BearerOfTheNextDeviceAsync());
        Assert.Equal("refresh-1", _room.Mediator.Authorization.Requests.Last()["refresh_token"]);
        Assert.Contains("refresh-2", await File.ReadAllTextAsync(LogInFile, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_refresh_says_to_log_in_again()
    {
        _room.Mediator.Authorization.ExpiresIn = 1;
        await LogInAsync();
        _room.Mediator.Authorization.Refusal = "invalid_grant";

        var (code, _, error) = await _room.RunAsync("mediator", "register");

        Assert.Equal(1, code);
        Assert.Contains("log in again", error, StringComparison.Ordinal);
        Assert.Contains("invalid_grant", error, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_out_gives_the_tokens_back_and_the_hosts_token_counts_again()
    {
        await LogInAsync();

        var (code, output, _) = await _room.RunAsync("logout");

        Assert.Equal((0, "Logged out.\n"), (code, output));
        Assert.Equal("refresh-1", _room.Mediator.Authorization.Requests.Last()["token"]);
        Assert.False(File.Exists(LogInFile));
        Assert.Equal("Bearer user-token", await BearerOfTheNextDeviceAsync());
    }

    [Fact]
    public async Task A_mediator_that_another_user_registered_does_not_act_for_who_logged_in()
    {
        Assert.Equal(0, (await _room.RunAsync("mediator", "register")).ExitCode);

        await LogInAsync();

        Assert.DoesNotContain("mediator-access", await File.ReadAllTextAsync(_room.Pki.Data.SimulatorFile("mediator.json"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_another_state_is_not_used_and_does_not_end_the_wait()
    {
        var (command, asked) = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await BringAsync(asked, $"state=other&code=stolen&iss={Uri.EscapeDataString(Issuer)}"));
        Assert.Equal(HttpStatusCode.BadRequest, await BringAsync(asked, $"code=stolen&iss={Uri.EscapeDataString(Issuer)}"));
        Assert.Empty(_room.Mediator.Authorization.Requests);
        await AllowAsync(asked);

        Assert.Equal(0, await EndOf(command));
        Assert.Contains("its state is not ours", command.Error, StringComparison.Ordinal);
        Assert.Equal("good-code", Assert.Single(_room.Mediator.Authorization.Requests)["code"]);
    }

    [Theory]
    [InlineData("&code=c&iss=https%3A%2F%2Fevil.example", "but of https://evil.example")]
    [InlineData("&code=c", "but of nobody who is named")]
    public async Task An_answer_of_another_server_is_not_used(string rest, string words)
    {
        var (command, asked) = await StartAsync();

        await BringAsync(asked, $"state={asked["state"]}{rest}");

        Assert.Equal(1, await EndOf(command));
        Assert.Contains(words, command.Error, StringComparison.Ordinal);
        Assert.Empty(_room.Mediator.Authorization.Requests);
        Assert.False(File.Exists(LogInFile));
    }

    [Theory]
    [InlineData("access_denied", "", "Access was denied on the page of the cloud (access_denied).\n")]
    [InlineData("invalid_scope", "&error_description=There+is+no+such+scope.", "The cloud refused: There is no such scope. (invalid_scope)\n")]
    public async Task An_error_is_shown_in_words(string error, string rest, string words)
    {
        var (command, asked) = await StartAsync();

        await BringAsync(asked, $"state={asked["state"]}&iss={Uri.EscapeDataString(Issuer)}&error={error}{rest}");

        Assert.Equal(1, await EndOf(command));
        Assert.Equal(words, command.Error);
    }

    [Fact]
    public async Task A_refused_code_is_shown_in_words()
    {
        var (command, asked) = await StartAsync();
        _room.Mediator.Authorization.Refusal = "invalid_grant";

        await AllowAsync(asked);

        Assert.Equal(1, await EndOf(command));
        Assert.Equal("The cloud gave no token: The token is no longer valid. (invalid_grant)\n", command.Error);
    }

    [Fact]
    public async Task The_wait_ends()
    {
        var (code, _, error) = await _room.RunAsync("login", "--wait", "00:00:00.2");

        Assert.Equal((1, "Nobody logged in within 00:00:00.2000000.\n"), (code, error));
    }

    private async Task<(RunningCommand Command, Dictionary<string, string> Asked)> StartAsync(params string[] options)
    {
        var command = _room.Start(["login", .. options]);
        var uri = new Uri(await command.LineAsync("/oauth/authorize?"));
        var asked = uri.Query[1..].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        return (command, asked);
    }

    private static Task<int> EndOf(RunningCommand command) => command.Ended.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

    private async Task LogInAsync()
    {
        var (command, asked) = await StartAsync();
        await AllowAsync(asked);
        Assert.True(await EndOf(command) == 0, command.Error);
        Assert.Contains($"Logged in at {Issuer} (mediator offline_access).", command.Output, StringComparison.Ordinal);
    }

    private Task<HttpStatusCode> AllowAsync(Dictionary<string, string> asked)
    {
        _room.Mediator.Authorization.Challenge = asked["code_challenge"];
        return BringAsync(asked, $"state={asked["state"]}&code=good-code&iss={Uri.EscapeDataString(Issuer)}");
    }

    private static async Task<HttpStatusCode> BringAsync(Dictionary<string, string> asked, string query)
    {
        using var answer = await Browser.GetAsync($"{asked["redirect_uri"]}?{query}", Cancellation);
        return answer.StatusCode;
    }

    private async Task<string> BearerOfTheNextDeviceAsync()
    {
        var device = _room.Start("device", "light");
        await device.LineAsync("signed in");
        await device.StopAsync();
        return _room.Mediator.Bearers.Last().Split(" for ")[0];
    }
}
