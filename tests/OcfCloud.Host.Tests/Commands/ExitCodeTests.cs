namespace OcfCloud.Host.Tests.Commands;

public sealed class ExitCodeTests : IDisposable
{
    private readonly Installation _installation = new();

    public void Dispose() => _installation.Dispose();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("user")]
    [InlineData("user", "add")]
    [InlineData("user", "add", "alice", "bob")]
    [InlineData("user", "add", "alice", "--unknown")]
    [InlineData("user", "add", "alice", "--password")]
    [InlineData("user", "add", "alice", "--password", "correct horse", "--password-stdin")]
    [InlineData("user", "add", "alice", "--password-stdin")]
    [InlineData("token", "create")]
    [InlineData("token", "create", "--user", "alice", "--scope", "")]
    [InlineData("token", "create", "--user", "alice", "--scope", "two  spaces")]
    [InlineData("token", "create", "--user", "alice", "--lifetime", "ten minutes")]
    [InlineData("token", "create", "--user", "alice", "--lifetime", "00:00:00")]
    [InlineData("pki", "init")]
    [InlineData("pki", "init", "--out", "never-made", "--dns", "no host name")]
    [InlineData("pki", "issue-device", "--out", "never-made")]
    [InlineData("pki", "issue-device", "--out", "never-made", "--di", "light")]
    [InlineData("device", "remove", "light")]
    [InlineData("--OcfCloud:DataDirectory", "user", "list")]
    public async Task Wrong_usage_ends_with_2_and_a_line_on_standard_error(params string[] arguments)
    {
        var result = await _installation.RunAsync(arguments);

        Assert.NotEqual("", result.Refusal(2));
        Assert.False(Directory.Exists(_installation.Data));
        Assert.False(Directory.Exists("never-made"));
    }

    [Theory]
    [InlineData("There is no user \"alice\".", "user", "remove", "alice")]
    [InlineData("There is no user \"alice\".", "user", "password", "alice")]
    [InlineData("There is no user \"alice\".", "token", "create", "--user", "alice")]
    [InlineData("There is no user \"alice\".", "device", "list", "--user", "alice")]
    [InlineData("There is no device 5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11.", "device", "remove", "5A2C9E7E-6D8F-4A35-9F6A-6F6D3F0F6B11")]
    [InlineData("OcfCloud:Endpoints:Telnet: \"23\" is given for a key that is not known", "user", "list", "--OcfCloud:Endpoints:Telnet=23")]
    [InlineData("OcfCloud:Store:Provider: \"Oracle\" is none of Sqlite, PostgreSql", "user", "list", "--OcfCloud:Store:Provider=Oracle")]
    [InlineData("OcfCloud:DataDirectory: \"\" is no folder", "user", "list", "--OcfCloud:DataDirectory=")]
    public async Task A_refusal_ends_with_1_and_says_why(string refusal, params string[] arguments) =>
        Assert.Equal(refusal, (await _installation.RunAsync(arguments)).Refusal(1));

    [Fact]
    public async Task A_command_checks_only_the_settings_that_it_uses() =>
        (await _installation.RunAsync("user", "list", "--OcfCloud:Endpoints:Https=nonsense", "--OcfCloud:Devices:IdlePing=nonsense")).Done();

    [Fact]
    public async Task A_connection_string_that_is_none_is_not_repeated()
    {
        foreach (var text in new[] { "Host=db;Password=hidden-secret;Nonsense=1", "hidden-secret", "Port=hidden-secret" })
        {
            var refusal = (await _installation.RunAsync("user", "list", "--OcfCloud:Store:Provider=PostgreSql", $"--ConnectionStrings:OcfCloud={text}")).Refusal(1);

            Assert.Equal("ConnectionStrings:OcfCloud: is no connection string (Host=…;Database=…;Username=…;Password=…)", refusal);
        }
    }

    [Fact]
    public async Task A_database_that_does_not_answer_names_its_key_and_no_password()
    {
        var refusal = (await _installation.RunAsync(
            "user", "list", "--OcfCloud:Store:Provider=PostgreSql", "--ConnectionStrings:OcfCloud=Host=127.0.0.1;Port=1;Database=none;Username=none;Password=hidden-secret")).Refusal(1);

        Assert.StartsWith("ConnectionStrings:OcfCloud: cannot be used as the store: ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-secret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_none_names_the_data_directory()
    {
        Directory.CreateDirectory(_installation.Data);
        await File.WriteAllTextAsync(Path.Combine(_installation.Data, "ocfcloud.db"), new string('x', 5000), TestContext.Current.CancellationToken);

        var refusal = (await _installation.RunAsync("user", "list")).Refusal(1);

        Assert.StartsWith($"OcfCloud:DataDirectory: \"{_installation.Data}\" cannot be used as the store: ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_no_refusal()
    {
        var result = (await _installation.RunAsync("--help")).Done();

        foreach (var command in new[] { "user", "token", "pki", "device" }) Assert.Contains(command, result.Output, StringComparison.Ordinal);
    }
}
