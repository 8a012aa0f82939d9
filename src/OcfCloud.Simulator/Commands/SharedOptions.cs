using System.CommandLine;

namespace OcfCloud.Simulator.Commands;

/// <summary>The options that every command takes, for when the defaults of the data directory do not fit.</summary>
internal sealed class SharedOptions
{
    /// <summary>The cloud's device endpoint.</summary>
    public Option<string?> Cloud { get; } = new("--cloud")
    {
        Description = "The cloud's device endpoint, coaps+tcp://HOST:PORT [the running host's, from host.json]",
        HelpName = "URI",
        Recursive = true,
    };

    /// <summary>The cloud's HTTPS door.</summary>
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "The cloud's HTTPS address, https://HOST:PORT [the running host's, from host.json]",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary>The data directory.</summary>
    public Option<string> Data { get; } = new("--data")
    {
        Description = "The cloud's data directory; the simulator keeps its own state below it, in simulator/",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./data",
        Recursive = true,
    };

    /// <summary>The user's bearer token.</summary>
    public Option<string?> Token { get; } = new("--token")
    {
        Description = "The user's bearer token with the scope mediator, for cameras: cameras [of login, else simulator/token]",
        HelpName = "TOKEN",
        Recursive = true,
    };

    /// <summary>The certificate to show.</summary>
    public Option<string?> Cert { get; } = new("--cert")
    {
        Description = "Certificate to show, PEM [made with pki/device-ca.*]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Its key.</summary>
    public Option<string?> Key { get; } = new("--key")
    {
        Description = "Key of --cert, PEM",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The cloud's anchors.</summary>
    public Option<string?> Ca { get; } = new("--ca")
    {
        Description = "What to check the cloud with, PEM [pki/cloud-ca.pem]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Adds them to a command and all below it.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Cloud, Url, Data, Token, Cert, Key, Ca })
            command.Add(option);
    }
}
