using System.CommandLine;

namespace OcfCloud.Host.Commands;

/// <summary><c>--client-secret SECRET</c> or <c>--client-secret-stdin</c>.</summary>
internal sealed class ClientSecretOptions(CommandConsole console)
{
    private const int MaxLength = 1024;

    private readonly Option<string> _secret = new("--client-secret") { Description = "This cloud's client secret there.", HelpName = "SECRET" };
    private readonly Option<bool> _standardInput = new("--client-secret-stdin") { Description = "Reads the client secret from standard input." };

    public IEnumerable<Option> Options => [_secret, _standardInput];

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">Both were given, or neither, or standard input holds none.</exception>
    public string Read(ParseResult parsed)
    {
        var secret = parsed.GetValue(_secret);
        if (!parsed.GetValue(_standardInput)) return secret ?? throw new UsageException("--client-secret or --client-secret-stdin is needed.");
        if (secret is not null) throw new UsageException("--client-secret and --client-secret-stdin exclude one another.");
        var line = console.Input.ReadLine();
        return line is { Length: > 0 and <= MaxLength } ? line : throw new UsageException("Standard input holds no client secret.");
    }
}
