using System.CommandLine;
using System.Net;
using OcfCloud.Simulator.Cameras;
using OcfCloud.Simulator.Cameras.Enrolment;

namespace OcfCloud.Simulator.Commands;

/// <summary>The options of <c>camera</c>.</summary>
internal sealed class CameraOptions
{
    private static readonly CameraIdentity Defaults = new() { SerialNumber = "" };
    private static readonly CameraTiming Timing = new();

    private readonly Option<int> _count = new("--count") { Description = "How many [1]", HelpName = "N", DefaultValueFactory = _ => 1 };

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Answer SOAP over HTTP/1.1 there too, to everybody as to an administrator; port 0 = any, of several cameras each the next one",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> _csr = new("--csr") { Description = "Write the camera's PKCS#10 request for camera add, and end", HelpName = "FILE" };

    private readonly Option<string?> _enrolment = new("--enrolment") { Description = "Be enrolled by what camera add --json printed", HelpName = "FILE" };

    private readonly Option<string> _clientAuth = new("--client-auth")
    {
        Description = "How a new camera proves itself: private_key_jwt, tls_client_auth, or mtls at the uplink itself [private_key_jwt]",
        DefaultValueFactory = _ => "private_key_jwt",
    };

    private readonly Option<string?> _serial = new("--serial") { Description = "A new camera's serial number [any]", HelpName = "TEXT" };
    private readonly Option<string> _manufacturer = Text("--manufacturer", "A new camera's manufacturer", Defaults.Manufacturer);
    private readonly Option<string> _model = Text("--model", "A new camera's model", Defaults.Model);
    private readonly Option<string> _firmware = Text("--firmware", "A new camera's firmware", Defaults.FirmwareVersion);

    private readonly Option<string[]> _misbehave = new("--misbehave")
    {
        Description = $"Do it otherwise than a good camera, any number of: {string.Join(", ", Misbehaviour.Names)}",
        HelpName = "NAME[=VALUE]",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<TimeSpan> _watchdog = Duration("--watchdog", "Silence of the cloud after which a connection is closed", Timing.Watchdog);
    private readonly Option<TimeSpan> _reconnectFirst = Duration("--reconnect-first", "First wait before connecting again", Timing.ReconnectFirst);
    private readonly Option<TimeSpan> _keyGeneration = Duration("--key-generation", "How long a key is in generation", Timing.KeyGeneration);
    private readonly Option<TimeSpan> _reconnectMax = Duration("--reconnect-max", "Longest such wait", Timing.ReconnectMax);

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        _clientAuth.AcceptOnlyFromAmong("private_key_jwt", "tls_client_auth", "mtls");
        foreach (var option in new Option[]
        {
            _count, _listen, _csr, _enrolment, _clientAuth, _serial, _manufacturer, _model, _firmware, _misbehave, _watchdog, _reconnectFirst, _reconnectMax,
            _keyGeneration,
        })
        {
            command.Add(option);
        }
    }

    /// <summary>What a command line says.</summary>
    /// <exception cref="CommandFailedException">Something that cannot be.</exception>
    public CameraChoices Read(ParseResult parsed)
    {
        var count = parsed.GetValue(_count);
        var misbehaviour = Misbehaviour.Parse(parsed.GetValue(_misbehave) ?? [], out var wrong)
            ?? throw CommandFailedException.WrongUsage($"--misbehave: \"{wrong}\" is none of: {string.Join(", ", Misbehaviour.Names)}.");
        var timing = new CameraTiming
        {
            Watchdog = parsed.GetValue(_watchdog),
            ReconnectFirst = parsed.GetValue(_reconnectFirst),
            ReconnectMax = parsed.GetValue(_reconnectMax),
            KeyGeneration = parsed.GetValue(_keyGeneration),
        };
        if (timing.Watchdog <= TimeSpan.Zero || timing.ReconnectFirst <= TimeSpan.Zero || timing.ReconnectMax < timing.ReconnectFirst)
            throw CommandFailedException.WrongUsage("--watchdog, --reconnect-first and --reconnect-max are durations above zero, the last not below the second.");
        if (timing.KeyGeneration < TimeSpan.Zero)
            throw CommandFailedException.WrongUsage("--key-generation is a duration.");
        return new CameraChoices
        {
            Count = count,
            Listen = parsed.GetValue(_listen) is { } listen ? ParseEndpoint(listen, count) : null,
            Csr = parsed.GetValue(_csr),
            Enrolment = parsed.GetValue(_enrolment),
            Proof = parsed.GetValue(_clientAuth) switch
            {
                "tls_client_auth" => EnrolmentProof.TlsClientAuth,
                "mtls" => EnrolmentProof.UplinkCertificate,
                _ => EnrolmentProof.PrivateKeyJwt,
            },
            Serial = parsed.GetValue(_serial),
            Identity = Defaults with
            {
                Manufacturer = parsed.GetValue(_manufacturer)!,
                Model = parsed.GetValue(_model)!,
                FirmwareVersion = parsed.GetValue(_firmware)!,
            },
            Misbehaviour = misbehaviour,
            Timing = timing,
        };
    }

    private static Option<string> Text(string name, string description, string value) =>
        new(name) { Description = $"{description} [{value}]", HelpName = "TEXT", DefaultValueFactory = _ => value };

    private static Option<TimeSpan> Duration(string name, string description, TimeSpan value) =>
        new(name) { Description = $"{description} [{value}]", HelpName = "HH:MM:SS", DefaultValueFactory = _ => value };

    private static IPEndPoint ParseEndpoint(string text, int count)
    {
        if (!IPEndPoint.TryParse(text, out var endpoint) || !text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal))
            throw CommandFailedException.WrongUsage($"--listen: \"{text}\" is no ADDRESS:PORT.");
        if (endpoint.Port != 0 && endpoint.Port + count - 1 > IPEndPoint.MaxPort)
            throw CommandFailedException.WrongUsage($"--listen: {count} ports from {endpoint.Port} on go beyond {IPEndPoint.MaxPort}.");
        return endpoint;
    }
}
