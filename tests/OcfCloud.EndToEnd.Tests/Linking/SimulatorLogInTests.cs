using System.Text.Json;
using Microsoft.Playwright;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>A user logs in from the simulator: its process, the real host and a real Chromium.</summary>
public sealed class SimulatorLogInTests(LinkableCloud linkable) : IClassFixture<LinkableCloud>
{
    [Fact]
    public async Task The_commands_act_for_the_user_who_logged_in_until_the_log_out()
    {
        await using var chromium = await Chromium.StartAsync(script: false);
        await using var logIn = Start("login");
        await chromium.Page.GotoAsync((await logIn.WaitForAsync("^https://.*/oauth/authorize.*$")).Value);
        await chromium.Page.GetByLabel("Name").FillAsync(linkable.UserName);
        await chromium.Page.GetByLabel("Password").FillAsync(LinkableCloud.Password);
        await ClickAsync(chromium, "Log in");
        await ClickAsync(chromium, "Allow");
        await chromium.Page.GetByText("Back to the simulator").WaitForAsync();
        Assert.True(await logIn.WaitForExitAsync() == 0, logIn.Transcript);
        Assert.Equal($"Logged in at {linkable.Issuer} (r:* w:* mediator offline_access).", logIn.Output[^1]);

        await RunAsync("mediator", "register");
        await using (var light = Start("device", "light"))
        {
            await light.WaitForAsync("signed in");
            var devices = (await linkable.Cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json;
            Assert.Single(devices.EnumerateArray(), device => device.GetProperty("user").GetString() == linkable.UserName);
        }

        await RunAsync("logout");
        await RunAsync("mediator", "register");
        Assert.Equal(await UserIdAsync("demo"), JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(linkable.Cloud.DataDirectory, "simulator", "mediator.json"), TestContext.Current.CancellationToken)).RootElement.GetProperty("userId").GetString());
    }

    [Fact]
    public async Task A_denial_is_told_in_words()
    {
        await using var chromium = await Chromium.StartAsync(script: false);
        await using var logIn = Start("login");
        await chromium.Page.GotoAsync((await logIn.WaitForAsync("^https://.*/oauth/authorize.*$")).Value);
        await chromium.Page.GetByLabel("Name").FillAsync(linkable.UserName);
        await chromium.Page.GetByLabel("Password").FillAsync(LinkableCloud.Password);
        await ClickAsync(chromium, "Log in");
        await ClickAsync(chromium, "Deny");
        await chromium.Page.GetByText("You were not logged in").WaitForAsync();

        Assert.Equal(1, await logIn.WaitForExitAsync());
        Assert.Equal(["Access was denied on the page of the cloud (access_denied)."], logIn.Errors);
    }

    private RunningProgram Start(params string[] command) =>
        RunningProgram.Start("dotnet", ["exec", Repository.Program("OcfCloud.Simulator"), .. command, "--data", linkable.Cloud.DataDirectory]);

    private async Task RunAsync(params string[] command)
    {
        await using var program = Start(command);
        Assert.True(await program.WaitForExitAsync() == 0, program.Transcript);
    }

    private async Task<string?> UserIdAsync(string name) => (await linkable.Cloud.ArrangeAsync("user", "list", "--json")).Succeeded().Json
        .EnumerateArray().Single(user => user.GetProperty("name").GetString() == name).GetProperty("id").GetString();

    private static Task ClickAsync(Chromium chromium, string button) => chromium.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
