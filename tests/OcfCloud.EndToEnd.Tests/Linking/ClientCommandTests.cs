using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary><c>client add|list|rotate-secret|remove</c> beside a running host.</summary>
public sealed class ClientCommandTests(LinkableCloud linkable) : IClassFixture<LinkableCloud>
{
    private Cloud Cloud => linkable.Cloud;

    [Fact]
    public async Task A_client_is_added_listed_rotated_and_removed()
    {
        var added = (await Cloud.RunAsync("client", "add", "Peer & Co", "--redirect-uri", "https://peer.example/a", "--redirect-uri", "https://peer.example/b", "--json")).Succeeded().Json;
        var (id, secret) = (added.GetProperty("client_id").GetString()!, added.GetProperty("client_secret").GetString()!);
        var listed = (await Cloud.ArrangeAsync("client", "list", "--json")).Succeeded().Json.EnumerateArray().Single(client => client.GetProperty("client_id").GetString() == id);
        Assert.Equal("Peer & Co", listed.GetProperty("name").GetString());
        Assert.Equal("r:* w:* offline_access", listed.GetProperty("scope").GetString());
        Assert.Equal(["https://peer.example/a", "https://peer.example/b"], listed.GetProperty("redirect_uris").EnumerateArray().Select(uri => uri.GetString()));
        Assert.Contains((await Cloud.ArrangeAsync("client", "list")).Succeeded().Output, line => line.StartsWith(id, StringComparison.Ordinal));

        var rotated = (await Cloud.ArrangeAsync("client", "rotate-secret", id)).Succeeded().LastLine;
        Assert.StartsWith("client_secret: ", rotated, StringComparison.Ordinal);
        Assert.NotEqual("client_secret: " + secret, rotated);

        (await Cloud.ArrangeAsync("client", "remove", id)).Succeeded();
        var again = await Cloud.RunAsync("client", "remove", id);
        Assert.Equal((1, $"There is no client \"{id}\"."), (again.ExitCode, Assert.Single(again.Errors)));
    }

    [Fact]
    public async Task A_public_client_has_no_secret_and_mediator_comes_when_asked_for()
    {
        var (id, secret) = await linkable.AddClientAsync("http://127.0.0.1/callback", "--public", "--scope", "r:* mediator");

        Assert.Null(secret);
        var listed = (await Cloud.ArrangeAsync("client", "list", "--json")).Succeeded().Json.EnumerateArray().Single(client => client.GetProperty("client_id").GetString() == id);
        Assert.True(listed.GetProperty("public").GetBoolean());
        Assert.Equal("r:* mediator", listed.GetProperty("scope").GetString());
        Assert.Equal(1, (await Cloud.ArrangeAsync("client", "rotate-secret", id)).ExitCode);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_a_sentence()
    {
        var unsafeUri = await Cloud.ArrangeAsync("client", "add", "Peer", "--redirect-uri", "http://peer.example/cb");
        Assert.Equal(1, unsafeUri.ExitCode);
        Assert.Contains("https://", Assert.Single(unsafeUri.Errors), StringComparison.Ordinal);
        Assert.Equal(1, (await Cloud.ArrangeAsync("client", "add", "Peer", "--redirect-uri", "https://peer.example/cb", "--scope", "no:such")).ExitCode);
        Assert.Equal(2, (await Cloud.ArrangeAsync("client", "add", "Peer")).ExitCode);
        Assert.Equal(2, (await Cloud.ArrangeAsync("client", "add", "Peer", "--redirect-uri", "https://peer.example/cb", "--scope", "r:*  w:*")).ExitCode);
    }
}
