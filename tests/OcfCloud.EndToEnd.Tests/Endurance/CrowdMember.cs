using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>
/// A device or a client of the crowd: registers, signs in, refreshes, breaks, comes back; tells the findings where the cloud says anything but what it must.
/// </summary>
internal abstract class CrowdMember(CrowdUser user, X509Certificate2 authority, Random random, CrowdFindings findings) : IAsyncDisposable
{
    private X509Certificate2? _certificate;

    public Guid Id { get; } = Guid.NewGuid();

    public CrowdUser User => user;

    public CrowdPresence Presence { get; } = new();

    public CrowdLink Link { get; private set; } = null!;

    protected Random Random => random;

    protected CrowdFindings Findings => findings;

    protected DeviceTokens Tokens { get; private set; } = null!;

    /// <summary>Connects, registers and signs in.</summary>
    public async Task JoinAsync()
    {
        await ConnectAsync();
        await SignUpAsync(losesAnswer: false);
        await SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Link is not null)
        {
            await Link.DisposeAsync();
        }

        _certificate?.Dispose();
    }

    protected async Task ConnectAsync()
    {
        if (Link is { } former)
        {
            await former.DisposeAsync();
            Left(former);
        }

        Link = await OpenAsync();
    }

    protected async Task<CrowdLink> OpenAsync()
    {
        var link = await CrowdLink.OpenAsync(user.Cloud, _certificate ??= DeviceCertificates.Issue(user.Cloud, Id), authority);
        Came(link);
        return link;
    }

    /// <summary>A connection is there; nothing has come by it yet.</summary>
    protected virtual void Came(CrowdLink link)
    {
    }

    /// <summary>A connection is gone.</summary>
    protected virtual void Left(CrowdLink link)
    {
    }

    /// <summary>Asks the cloud for what it must grant.</summary>
    protected async Task<WireMessage?> MustAsync(string expected, string method, string address, byte[]? payload = null)
    {
        var answer = await Link.AskAsync(WireRequest.Of(method, address, payload));
        findings.Count($"{method} {address.Split('?')[0]}");
        findings.Check(answer is not null, () => $"{this}: {method} {address}: the connection ended before the answer");
        findings.Check(
            answer is null || answer.CodeText == expected, () => $"{this}: {method} {address}: {answer!.CodeText} {Diagnostic(answer)} instead of {expected}");
        return answer?.CodeText == expected ? answer : null;
    }

    protected async Task SignUpAsync(bool losesAnswer)
    {
        var oneTimeToken = await user.CreateDeviceTokenAsync(Id);
        var body = Cbor.Map(("di", Id.ToString()), ("accesstoken", oneTimeToken));
        if (losesAnswer)
        {
            // Field: a device that hears nothing repeats the request on a new connection.
            await LoseAsync(WireRequest.Of("POST", "/oic/sec/account", body));
        }

        if (await MustAsync("2.04", "POST", "/oic/sec/account", body) is { } answer)
        {
            var map = Cbor.DecodeMap(answer.Payload);
            Tokens = new DeviceTokens((string)map["uid"]!, (string)map["accesstoken"]!, (string)map["refreshtoken"]!, (long)map["expiresin"]!);
            Presence.Registered();
        }
    }

    protected async Task SignInAsync()
    {
        Presence.Become(CrowdState.Changing);
        if (await MustAsync("2.04", "POST", "/oic/sec/session", SessionBody(login: true)) is not null)
        {
            Presence.Become(CrowdState.Online);
        }
    }

    protected async Task SignOutAsync()
    {
        Presence.Become(CrowdState.Changing);
        if (await MustAsync("2.04", "POST", "/oic/sec/session", SessionBody(login: false)) is not null)
        {
            Presence.Become(CrowdState.SignedOut);
        }
    }

    /// <summary>Signs in by a second connection: it wins, and the cloud closes the first.</summary>
    protected async Task SignInElsewhereAsync()
    {
        var former = Link;
        Presence.Become(CrowdState.Changing);
        Link = await OpenAsync();
        await SignInAsync();
        try
        {
            await former.Wire.EndAsync();
        }
        catch (TimeoutException)
        {
            findings.Wrong($"{this}: the first connection stays open after a second sign-in");
        }

        await former.DisposeAsync();
        Left(former);
    }

    protected async Task RefreshAsync(bool losesAnswer)
    {
        var body = Cbor.Map(("uid", Tokens.Uid), ("di", Id.ToString()), ("refreshtoken", Tokens.RefreshToken));
        if (losesAnswer)
        {
            await LoseAsync(WireRequest.Of("POST", "/oic/sec/tokenrefresh", body));
        }

        if (await MustAsync("2.04", "POST", "/oic/sec/tokenrefresh", body) is { } answer)
        {
            var map = Cbor.DecodeMap(answer.Payload);
            Tokens = Tokens with { AccessToken = (string)map["accesstoken"]!, RefreshToken = (string)map["refreshtoken"]! };
        }
    }

    protected async Task DeregisterAsync()
    {
        Presence.BeginDeregistration();
        if (await MustAsync("2.02", "DELETE", $"/oic/sec/account?di={Id}") is not null)
        {
            Presence.Become(CrowdState.Deregistered);
        }
    }

    /// <summary>The power goes: the connection breaks, another one comes.</summary>
    protected async Task BreakAsync()
    {
        Presence.Become(CrowdState.Changing);
        Link.Break();
        await ConnectAsync();
    }

    /// <summary>Sends a request and breaks before its answer: whether the cloud heard it, nobody knows.</summary>
    protected async Task LoseAsync(WireMessage request)
    {
        Presence.Become(CrowdState.Changing);
        await Link.SendAsync(request);
        await BreakAsync();
    }

    /// <summary>Comes back where the cloud closed the connection without a reason.</summary>
    protected async Task CheckConnectionAsync()
    {
        if (!Link.HasEnded)
        {
            return;
        }

        findings.Wrong($"{this}: the cloud closed the connection without a reason");
        Presence.Become(CrowdState.Changing);
        await ConnectAsync();
        await SignInAsync();
    }

    protected static string Diagnostic(WireMessage answer) =>
        answer.Find(WireOption.ContentFormat) is null ? $"\"{System.Text.Encoding.UTF8.GetString(answer.Payload)}\"" : string.Empty;

    private byte[] SessionBody(bool login) => Cbor.Map(("uid", Tokens.Uid), ("di", Id.ToString()), ("accesstoken", Tokens.AccessToken), ("login", login));
}
