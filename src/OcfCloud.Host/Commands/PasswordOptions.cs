using System.CommandLine;

namespace OcfCloud.Host.Commands;

/// <summary><c>--password PASSWORD</c> or <c>--password-stdin</c>.</summary>
internal sealed class PasswordOptions(CommandConsole console)
{
    private const int MaxLength = 1024;

    private readonly Option<string> _password = new("--password") { Description = "The password; without one a password is made and shown once.", HelpName = "PASSWORD" };
    private readonly Option<bool> _standardInput = new("--password-stdin") { Description = "Reads the password from standard input." };

    public IEnumerable<Option> Options => [_password, _standardInput];

    /// <summary>What was given; null where a password is to be made.</summary>
    /// <exception cref="UsageException">Both were given, or standard input holds none.</exception>
    public string? Read(ParseResult parsed)
    {
        var password = parsed.GetValue(_password);
        if (!parsed.GetValue(_standardInput))
        {
            return password;
        }

        if (password is not null)
        {
            throw new UsageException("--password and --password-stdin exclude one another.");
        }

        var line = console.Input.ReadLine();
        return line is { Length: > 0 and <= MaxLength } ? line : throw new UsageException("Standard input holds no password.");
    }
}
