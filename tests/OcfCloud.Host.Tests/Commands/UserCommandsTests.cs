using System.Text.Json;

namespace OcfCloud.Host.Tests.Commands;

public sealed class UserCommandsTests : IDisposable
{
    private readonly Installation _installation = new();

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task Adding_without_a_password_makes_one_and_shows_it_once()
    {
        var added = (await _installation.RunAsync("user", "add", "alice")).Done();

        Assert.Matches("^id: [0-9a-f-]{36}\npassword: [A-Za-z2-9]{20}\n$", added.Output);
    }

    [Fact]
    public async Task With_json_the_last_line_is_one_value()
    {
        var added = (await _installation.RunAsync("user", "add", "alice", "--administrator", "--json")).Done().Json;
        var given = (await _installation.RunAsync("user", "add", "bob", "--password", "correct horse", "--json")).Done().Json;
        var listed = (await _installation.RunAsync("user", "list", "--json")).Done().Json;

        Assert.Equal(["id", "password"], added.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["id"], given.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["alice", "bob"], listed.EnumerateArray().Select(user => user.GetProperty("name").GetString()));
        Assert.Equal([true, false], listed.EnumerateArray().Select(user => user.GetProperty("administrator").GetBoolean()));
        Assert.Equal(added.GetProperty("id").GetString(), listed[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_password_is_read_from_standard_input()
    {
        var added = await _installation.RunAsync("correct horse\nnot this\n", ["user", "add", "alice", "--password-stdin"], TestContext.Current.CancellationToken);
        var again = await _installation.RunAsync("correct horse\n", ["user", "password", "alice", "--password-stdin"], TestContext.Current.CancellationToken);
        var small = await _installation.RunAsync("short\n", ["user", "password", "alice", "--password-stdin"], TestContext.Current.CancellationToken);

        Assert.DoesNotContain("password", added.Done().Output, StringComparison.Ordinal);
        Assert.Equal("", again.Done().Output);
        Assert.Contains("8", small.Refusal(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();

        Assert.Equal("There is a user \"alice\" already.", (await _installation.RunAsync("user", "add", "alice")).Refusal(1));
    }

    [Fact]
    public async Task A_user_that_is_removed_is_gone()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();
        (await _installation.RunAsync("user", "remove", "alice")).Done();

        Assert.Equal(JsonValueKind.Array, (await _installation.RunAsync("user", "list", "--json")).Json.ValueKind);
        Assert.Equal(0, (await _installation.RunAsync("user", "list", "--json")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_new_password_is_made_where_none_is_given()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();

        Assert.Matches("^password: [A-Za-z2-9]{20}\n$", (await _installation.RunAsync("user", "password", "alice")).Done().Output);
    }

    [Fact]
    public async Task The_store_is_for_its_owner_alone()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_installation.Data, "ocfcloud.db")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_installation.Data));
        }
    }
}
