namespace OcfCloud.EndToEnd.Readme;

/// <summary>How commands are taken out of a text.</summary>
public sealed class ReadmeCommandsTests
{
    [Fact]
    public void Only_lines_of_shell_blocks_are_typed()
    {
        const string Text = """
            Start it with `dotnet run`:

            ```sh
            # in one shell
            dotnet run --project src/OcfCloud.Host   # and leave it
            $ echo '# not a comment'
            dotnet run --project src/OcfCloud.Simulator -- \
              device light --count 2
            ```
            prints

            ```
            https https://127.0.0.1:8443
            ```
            """;
        Assert.Equal(
            [
                "dotnet run --project src/OcfCloud.Host",
                "echo '# not a comment'",
                "dotnet run --project src/OcfCloud.Simulator -- device light --count 2",
            ],
            ReadmeCommands.Of(Text));
    }

    [Fact]
    public void A_block_without_an_end_is_an_error() => Assert.Throws<FormatException>(() => ReadmeCommands.Of("```sh\nls"));
}
