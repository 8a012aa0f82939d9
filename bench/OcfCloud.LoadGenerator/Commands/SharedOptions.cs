using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Security.Authentication;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary>Whom to measure.</summary>
internal sealed class SharedOptions
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "The cloud's data directory, with host.json and pki/; of a peer the one whose pki/ it uses [./data]",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./data",
        Recursive = true,
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "A user's bearer token with the scope mediator, to register devices with",
        HelpName = "TOKEN",
        Recursive = true,
    };

    private readonly Option<IPEndPoint?> _target = AddressOption("--target", "Measure a peer there, which knows no sign-up, instead of the cloud");

    private readonly Option<int?> _pid = new("--server-pid")
    {
        Description = "The process to measure [that of host.json]",
        HelpName = "PID",
        Recursive = true,
    };

    private readonly Option<string> _tls = new("--tls") { Description = "1.3 or 1.2 [1.3]", DefaultValueFactory = _ => "1.3", Recursive = true };
    private readonly Option<string?> _row = new("--row") { Description = "Name of the row in the comparison", HelpName = "NAME", Recursive = true };
    private readonly Option<string?> _server = new("--server") { Description = "Name of what is measured", HelpName = "NAME", Recursive = true };

    /// <summary>Adds them to a command and all below it.</summary>
    public void AddTo(Command command)
    {
        _tls.AcceptOnlyFromAmong("1.3", "1.2");
        foreach (var option in new Option[] { _data, _token, _target, _pid, _tls, _row, _server })
            command.Add(option);
    }

    /// <summary>An option that takes <c>ADDRESS:PORT</c>.</summary>
    public static Option<IPEndPoint?> AddressOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS:PORT",
        Recursive = true,
        CustomParser = ParseAddress,
    };

    /// <summary>What was said.</summary>
    public Surroundings Read(ParseResult parsed) => new(
        parsed.GetValue(_data)!,
        parsed.GetValue(_token),
        parsed.GetValue(_target),
        parsed.GetValue(_pid),
        parsed.GetValue(_tls) == "1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13,
        parsed.GetValue(_row),
        parsed.GetValue(_server));

    private static IPEndPoint? ParseAddress(ArgumentResult result)
    {
        if (IPEndPoint.TryParse(result.Tokens[0].Value, out var address) && address.Port > 0)
            return address;
        result.AddError($"\"{result.Tokens[0].Value}\" is no ADDRESS:PORT.");
        return null;
    }
}
