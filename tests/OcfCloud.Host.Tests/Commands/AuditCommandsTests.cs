namespace OcfCloud.Host.Tests.Commands;

public sealed class AuditCommandsTests : IDisposable
{
    private readonly Installation _installation = new();

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task What_commands_did_is_on_record_also_of_a_user_who_is_gone()
    {
        var made = (await _installation.RunAsync("user", "add", "alice", "--administrator", "--json")).Done().Json;
        var client = (await _installation.RunAsync("client", "add", "Peer", "--redirect-uri", "https://peer.example/cb", "--json")).Done().Json;
        var rotated = (await _installation.RunAsync("client", "rotate-secret", client.GetProperty("client_id").GetString()!, "--json")).Done().Json;
        (await _installation.RunAsync("client", "remove", client.GetProperty("client_id").GetString()!)).Done();
        (await _installation.RunAsync("user", "password", "alice", "--password", "light the lamps")).Done();
        (await _installation.RunAsync("user", "remove", "alice")).Done();

        var listed = (await _installation.RunAsync("audit", "list", "--json")).Done();

        Assert.Equal(
            ["user-removed user:alice", "password-changed user:alice", .. new[] { "removed", "secret-rotated", "added" }.Select(what => $"client-{what} client:{client.GetProperty("client_id")}"), "user-added user:alice"],
            listed.Json.EnumerateArray().Select(entry => $"{entry.GetProperty("kind")} {entry.GetProperty("subject")}"));
        Assert.All(listed.Json.EnumerateArray(), entry => Assert.Equal(("command", 1), (entry.GetProperty("actor").GetString(), entry.GetProperty("times").GetInt32())));
        foreach (var secret in new[] { made.GetProperty("password"), client.GetProperty("client_secret"), rotated.GetProperty("client_secret") })
            Assert.DoesNotContain(secret.GetString()!, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("light the lamps", listed.Output, StringComparison.Ordinal);

        Assert.Equal(3, (await _installation.RunAsync("audit", "list", "--user", "alice", "--since", "01:00:00", "--json")).Done().Json.GetArrayLength());
        Assert.Equal(2, (await _installation.RunAsync("audit", "list", "--user", "alice", "--limit", "2", "--json")).Done().Json.GetArrayLength());
        Assert.Equal(0, (await _installation.RunAsync("audit", "list", "--since", "2999-01-01T00:00:00Z", "--json")).Done().Json.GetArrayLength());
        Assert.Contains("user-added", (await _installation.RunAsync("audit", "list", "--kind", "user-added")).Done().LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "There is no user \"bob\", and the record knows of none.", "audit", "list", "--user", "bob")]
    [InlineData(2, "--limit: 1 to 100000.", "audit", "list", "--limit", "0")]
    [InlineData(2, "--since: \"yesterday\" is neither a time nor a duration.", "audit", "list", "--since", "yesterday")]
    [InlineData(2, "--refused: these devices have no user.", "device", "list", "--refused", "--user", "bob")]
    public async Task What_cannot_be_asked_is_said(int code, string sentence, params string[] command) =>
        Assert.Equal(sentence, (await _installation.RunAsync(command)).Refusal(code));

    [Fact]
    public async Task An_unknown_kind_is_refused_with_those_that_there_are() =>
        Assert.StartsWith("--kind: there is no \"robbery\", but user-added, ", (await _installation.RunAsync("audit", "list", "--kind", "robbery")).Refusal(2), StringComparison.Ordinal);
}
