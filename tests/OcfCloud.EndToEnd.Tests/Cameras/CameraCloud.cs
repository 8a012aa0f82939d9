using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>One of the clouds that cameras go between: it has an authority of its own, trusts those of the others and waits no longer than a test can.</summary>
internal sealed class CameraCloud : IAsyncDisposable
{
    private readonly SharedAuthority _authority;
    private readonly string _name;
    private int _owners;

    private CameraCloud(string name, SharedAuthority authority, Cloud cloud) => (_name, _authority, Cloud) = (name, authority, cloud);

    public Cloud Cloud { get; }

    /// <summary>Its public URL.</summary>
    public string Url => $"https://localhost:{Cloud.Https.Port}";

    /// <summary>Where it takes startDeviceSharing: <c>onvif:xaddr</c> of its share tokens.</summary>
    public string Xaddr => Url + "/onvif/cloud";

    /// <summary>The metadata document that cameras get as server URI.</summary>
    public string ServerUri => Url + "/.well-known/openid-configuration";

    public string UplinkHttps => $"https://localhost:{Cloud.Uplink.Port}/onvif/uplink";

    public string UplinkWss => $"wss://localhost:{Cloud.Uplink.Port}/onvif/uplink";

    /// <summary>The file that the simulator checks this cloud with.</summary>
    public string AuthorityPath => _authority.CertificatePath;

    /// <summary>The trust anchor as it goes into requests.</summary>
    public string TrustAnchor => AnchorOf(_authority);

    /// <summary>Starts one.</summary>
    /// <param name="name">A word for its users.</param>
    /// <param name="authority">Of its own.</param>
    /// <param name="store">Which it has.</param>
    /// <param name="trusted">PEM files: whom it believes beside its own authority.</param>
    /// <param name="isShared">Whether it has no process of its own.</param>
    /// <param name="settings">Further ones.</param>
    public static async Task<CameraCloud> StartAsync(string name, SharedAuthority authority, TestStore store, IEnumerable<string> trusted, bool isShared, params string[] settings)
    {
        var cloud = await Cloud.StartAsync(
            authority, store, isShared,
            [
                .. trusted.Select((path, n) => $"Outbound:TrustAnchors:{n + 1}={path}"), "Outbound:AllowedNetworks:0=127.0.0.1/32", CloudFixture.LongTokens, "Devices:TwinSpread=00:00:00",
                "Nodes:Lease=00:00:03", "Nodes:LeaseRenewal=00:00:01", "Onvif:WorkLease=00:00:01", "Onvif:LookInterval=00:00:00.2", "Onvif:TransferConfirmAfter=00:00:01",
                "Onvif:NotifyRetryFirst=00:00:00.3", "Onvif:NotifyRetryMax=00:00:01", "Onvif:CloudCallTimeout=00:00:05", "Onvif:DeviceCallTimeout=00:00:10",
                "Onvif:KeyGenerationTimeout=00:00:03", .. settings,
            ]);
        return new CameraCloud(name, authority, cloud);
    }

    public static string AnchorOf(SharedAuthority authority)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(authority.CertificatePath);
        return Convert.ToBase64String(certificate.RawData);
    }

    /// <summary>A user who has no camera yet.</summary>
    public async Task<CameraOwner> AddOwnerAsync(string? password = null)
    {
        var name = $"{_name}-{Interlocked.Increment(ref _owners)}";
        (await Cloud.ArrangeAsync(["user", "add", name, .. password is null ? (string[])[] : ["--password", password], "--json"])).Succeeded();
        return new CameraOwner(this, name, await CreateTokenAsync(name, "cameras r:* w:*"));
    }

    /// <summary>A bearer token of a user.</summary>
    public async Task<string> CreateTokenAsync(string user, string scope) =>
        (await Cloud.ArrangeAsync("token", "create", "--user", user, "--scope", scope, "--lifetime", "01:00:00")).Succeeded().LastLine;

    /// <summary>Asks the ONVIF REST interface, as another cloud does: without anybody's token.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AskAsync(string operation, JsonNode body)
    {
        using var http = Cloud.CreateHttpClient();
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/onvif/cloud/" + operation, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();
}
