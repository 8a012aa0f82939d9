using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Devices;

/// <summary>A device, or a client, which is a device without resources: its certificate, its tokens, its connection.</summary>
internal sealed class TestDevice : IAsyncDisposable
{
    private readonly Cloud _cloud;
    private readonly List<DeviceResource> _resources = [];

    public TestDevice(Cloud cloud, params (string Href, string Type)[] resources)
        : this(cloud, Guid.NewGuid(), resources)
    {
    }

    public TestDevice(Cloud cloud, Guid id, params (string Href, string Type)[] resources)
        : this(cloud, id, DeviceCertificates.Issue(cloud, id), resources)
    {
    }

    /// <summary>A device with a certificate of its own kind.</summary>
    public TestDevice(Cloud cloud, Guid id, X509Certificate2 certificate, params (string Href, string Type)[] resources)
    {
        _cloud = cloud;
        Id = id;
        Certificate = certificate;
        _resources.AddRange(resources.Select(r => new DeviceResource(r.Href, r.Type)));
    }

    public Guid Id { get; }

    public X509Certificate2 Certificate { get; }

    public IReadOnlyList<DeviceResource> Resources => _resources;

    public WireConnection Connection { get; private set; } = null!;

    public DeviceTokens Tokens { get; set; } = null!;

    public string PathOf(string href) => $"/{Id}{href}";

    public async Task ConnectAsync(WireOptions? options = null)
    {
        if (Connection is not null)
        {
            await Connection.DisposeAsync();
        }

        Connection = await WireConnection.ConnectAsync(_cloud.Coaps, Certificate, _cloud.Authority, options);
        Connection.OnRequest = Handle;
        foreach (var resource in _resources)
        {
            resource.Forget();
            resource.Send = SendAsync;
        }
    }

    /// <summary>Connects anew and signs in with the tokens that it has.</summary>
    public async Task ReturnAsync(WireOptions? options = null)
    {
        await ConnectAsync(options);
        await SignInAsync();
    }

    public Task<WireMessage> RequestAsync(string method, string address, byte[]? payload = null) =>
        Connection.RequestAsync(WireRequest.Of(method, address, payload));

    /// <summary>Observes; the answer comes first, the notifications follow.</summary>
    public Task<Notifications> ObserveAsync(string address) => ObserveAsync(WireRequest.Of("GET", address, observe: 0));

    public async Task<Notifications> ObserveAsync(WireMessage registration) => new(registration, await Connection.ObserveAsync(registration));

    /// <summary>The next request of the cloud, which has to come.</summary>
    public async Task<WireMessage> NextRequestAsync() =>
        await Connection.Requests.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(WireConnection.Deadline, TestContext.Current.CancellationToken);

    /// <summary>Signs up and keeps the tokens.</summary>
    public async Task SignUpAsync(string oneTimeToken)
    {
        var answer = await TrySignUpAsync(oneTimeToken);
        Assert.Equal("2.04", answer.CodeText);
    }

    public async Task<WireMessage> TrySignUpAsync(string oneTimeToken)
    {
        var answer = await RequestAsync("POST", "/oic/sec/account", Cbor.Map(("di", Id.ToString()), ("accesstoken", oneTimeToken), ("authprovider", "ocfcloud")));
        if (answer.CodeText == "2.04")
        {
            var body = Cbor.DecodeMap(answer.Payload);
            Tokens = new DeviceTokens((string)body["uid"]!, (string)body["accesstoken"]!, (string)body["refreshtoken"]!, (long)body["expiresin"]!);
        }

        return answer;
    }

    public Task<WireMessage> TrySignInAsync(bool login = true) => RequestAsync(
        "POST",
        "/oic/sec/session",
        Cbor.Map(("uid", Tokens.Uid), ("di", Id.ToString()), ("accesstoken", Tokens.AccessToken), ("login", login)));

    public async Task SignInAsync()
    {
        var answer = await TrySignInAsync();
        Assert.Equal("2.04", answer.CodeText);
    }

    /// <summary>Refreshes with the given refresh token, or its own, and keeps the new tokens.</summary>
    public async Task<WireMessage> TryRefreshAsync(string? refreshToken = null, bool keep = true)
    {
        var answer = await RequestAsync(
            "POST",
            "/oic/sec/tokenrefresh",
            Cbor.Map(("uid", Tokens.Uid), ("di", Id.ToString()), ("refreshtoken", refreshToken ?? Tokens.RefreshToken)));
        if (keep && answer.CodeText == "2.04")
        {
            var body = Cbor.DecodeMap(answer.Payload);
            Tokens = Tokens with { AccessToken = (string)body["accesstoken"]!, RefreshToken = (string)body["refreshtoken"]!, ExpiresIn = (long)body["expiresin"]! };
        }

        return answer;
    }

    public Task<WireMessage> TryPublishAsync(long ttl = 0) => RequestAsync("POST", "/oic/rd?rt=oic.wk.rdpub", PublishPayload(ttl));

    public async Task PublishAsync()
    {
        var answer = await TryPublishAsync();
        Assert.Equal("2.04", answer.CodeText);
    }

    public byte[] PublishPayload(long ttl = 0) => Cbor.Map(("di", Id.ToString()), ("links", _resources.Select(r => r.Link).ToList()), ("ttl", ttl));

    /// <summary>Connects, signs up with a token of the user, signs in and publishes: a device that lives.</summary>
    public async Task JoinAsync(CloudUser user, WireOptions? options = null)
    {
        await ConnectAsync(options);
        await SignUpAsync(await user.CreateDeviceTokenAsync(Id));
        await SignInAsync();
        if (_resources.Count > 0)
        {
            await PublishAsync();
        }
    }

    /// <summary>The links that this device sees, as <c>/di/href</c>.</summary>
    public async Task<List<string>> DiscoverAsync(string query = "")
    {
        var answer = await RequestAsync("GET", "/oic/res" + query);
        Assert.Equal("2.05", answer.CodeText);
        return HrefsOf(answer.Payload);
    }

    public static List<string> HrefsOf(byte[] links) =>
        [.. Cbor.DecodeList(links).Cast<Dictionary<string, object?>>().Select(l => (string)l["href"]!).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        if (Connection is not null)
        {
            await Connection.DisposeAsync();
        }

        Certificate.Dispose();
    }

    private WireMessage Handle(WireMessage request) =>
        _resources.Find(r => string.Equals(r.Href, request.Path, StringComparison.Ordinal)) is { } resource
            ? resource.Handle(request)
            : WireRequest.Answer(request, "4.04");

    private async Task SendAsync(WireMessage message)
    {
        try
        {
            await Connection.SendAsync(message);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Notifying a connection that is gone.
        }
    }
}
