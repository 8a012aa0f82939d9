using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.DataFiles;
using OcfCloud.Simulator.LogIn;
using OcfCloud.Simulator.Mediators;

namespace OcfCloud.Simulator.Commands;

/// <summary>Where the cloud is and how to prove oneself to it: what the options say, else what the data directory says.</summary>
internal sealed class Surroundings
{
    private readonly string? _cloud;
    private readonly string? _url;
    private readonly string? _token;
    private readonly string? _cert;
    private readonly string? _key;
    private readonly string? _ca;
    private readonly HostFile? _host;

    /// <summary>Takes the options of a command line.</summary>
    /// <exception cref="CommandFailedException">They contradict each other or cannot be read.</exception>
    public Surroundings(ParseResult parsed, SharedOptions options, TimeProvider time)
    {
        Time = time;
        _cloud = parsed.GetValue(options.Cloud);
        _url = parsed.GetValue(options.Url);
        _token = parsed.GetValue(options.Token);
        _cert = parsed.GetValue(options.Cert);
        _key = parsed.GetValue(options.Key);
        _ca = parsed.GetValue(options.Ca);
        Data = new DataDirectory(parsed.GetValue(options.Data)!);
        _host = HostFile.TryRead(Data.HostFile);

        if (_cert is null != _key is null)
            throw CommandFailedException.WrongUsage("--cert and --key belong together.");
        if (_cloud is not null && !CoapsAddress.TryParse(_cloud, out _))
            throw CommandFailedException.WrongUsage($"--cloud: \"{_cloud}\" is no coaps+tcp://HOST:PORT.");
        if (_url is not null && !IsHttps(_url))
            throw CommandFailedException.WrongUsage($"--url: \"{_url}\" is no https://HOST:PORT.");
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The data directory.</summary>
    public DataDirectory Data { get; }

    /// <summary>Where devices connect, as far as it is known here.</summary>
    public CoapsAddress? CloudAddress => CoapsAddress.TryParse(_cloud ?? _host?.Coaps, out var address) ? address.Reachable() : null;

    /// <summary>What <c>--cloud</c> says.</summary>
    public CoapsAddress? NamedCloud => CoapsAddress.TryParse(_cloud, out var address) ? address : null;

    /// <summary>The cloud's UUID, as far as it is known here.</summary>
    public string? CloudId => _cloud is null ? _host?.Sid : null;

    /// <summary>Who is believed to be the cloud.</summary>
    public TrustAnchors CloudAnchors => Read(() => _ca is not null ? TrustAnchors.FromFile(_ca)
        : File.Exists(Data.CloudAnchor) ? TrustAnchors.FromFile(Data.CloudAnchor)
        : TrustAnchors.System);

    /// <summary>Who is believed to be a device or a mediator.</summary>
    public TrustAnchors DeviceAnchors => Read(() => File.Exists(Data.DeviceAuthority) ? TrustAnchors.FromFile(Data.DeviceAuthority)
        : _ca is not null ? TrustAnchors.FromFile(_ca)
        : throw new CommandFailedException($"{Data.DeviceAuthority} is not there to check neighbours with; start the cloud once, or name --data or --ca."));

    /// <summary>Whether <c>--cert</c> is given.</summary>
    public bool HasOwnCertificate => _cert is not null;

    /// <summary>The certificate of <c>--cert</c>, the caller's to dispose; null where none is named.</summary>
    public X509Certificate2? OwnCertificate => _cert is null ? null : Read(() => X509Certificate2.CreateFromPemFile(_cert, _key));

    /// <summary>The mediator API.</summary>
    /// <exception cref="CommandFailedException">Nobody says where it is.</exception>
    public MediatorApi MediatorApi() => Mediators.MediatorApi.At(Url(), CloudAnchors);

    /// <summary>The cloud's HTTPS door.</summary>
    /// <exception cref="CommandFailedException">Nobody says where it is.</exception>
    public Uri Url()
    {
        if ((_url ?? _host?.Https) is not { } url || !IsHttps(url))
            throw new CommandFailedException($"Where is the cloud? {Data.HostFile} is not there; start the cloud, or name --data or --url.");
        var builder = new UriBuilder(url);
        builder.Host = builder.Host switch
        {
            "0.0.0.0" => "127.0.0.1",
            "[::]" => "[::1]",
            _ => builder.Host,
        };
        return builder.Uri;
    }

    /// <summary>The user's token: of <c>--token</c>, else of the user who logged in, else the one that the host keeps in the data directory.</summary>
    /// <exception cref="CommandFailedException">There is none.</exception>
    /// <exception cref="LogInFailedException">The user who logged in has to do it again.</exception>
    public async Task<string> UserTokenAsync(CancellationToken cancellationToken)
    {
        if (_token is not null)
            return _token;
        if (await new UserLogIn(new LogInFile(Data), Time).TokenAsync(Url(), CloudAnchors, cancellationToken) is { } token)
            return token;
        try
        {
            return (await File.ReadAllTextAsync(Data.UserToken, cancellationToken)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"No token: {Data.UserToken} cannot be read; log in, start the cloud in Development, or name --data or --token.");
        }
    }

    private static bool IsHttps(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException(e.Message);
        }
    }
}
