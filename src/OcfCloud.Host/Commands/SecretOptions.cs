using System.CommandLine;

namespace OcfCloud.Host.Commands;

/// <summary><c>--NAME SECRET</c> or <c>--NAME-stdin</c>.</summary>
/// <param name="console">Where standard input is.</param>
/// <param name="name">The option, as <c>--password</c>.</param>
/// <param name="what">What it is, as <c>password</c>.</param>
/// <param name="description">What is said of it.</param>
internal sealed class SecretOptions(CommandConsole console, string name, string what, string description)
{
    private const int MaxLength = 1024;

    private readonly Option<string> _secret = new(name) { Description = description, HelpName = what.Split(' ')[^1].ToUpperInvariant() };
    private readonly Option<bool> _standardInput = new(name + "-stdin") { Description = $"Reads the {what} from standard input." };

    public IEnumerable<Option> Options => [_secret, _standardInput];

    /// <summary>What was given; null where nothing was.</summary>
    /// <exception cref="UsageException">Both were given, or standard input holds none.</exception>
    public string? Read(ParseResult parsed)
    {
        var secret = parsed.GetValue(_secret);
        if (!parsed.GetValue(_standardInput)) return secret;
        if (secret is not null) throw new UsageException($"{name} and {name}-stdin exclude one another.");
        var line = console.Input.ReadLine();
        return line is { Length: > 0 and <= MaxLength } ? line : throw new UsageException($"Standard input holds no {what}.");
    }

    /// <summary>The same where it is needed.</summary>
    /// <exception cref="UsageException">Nothing was given, or both, or standard input holds none.</exception>
    public string ReadNeeded(ParseResult parsed) => Read(parsed) ?? throw new UsageException($"{name} or {name}-stdin is needed.");
}
