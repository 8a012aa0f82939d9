using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using System.Xml.Linq;
using OcfCloud.Simulator.Cameras;
using OcfCloud.Simulator.Cameras.Enrolment;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Uplinks;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Cameras;

/// <summary>A camera with a local endpoint, and a cloud that it may be enrolled in.</summary>
internal sealed class CameraRoom : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http = new();
    private readonly Misbehaviour _misbehaviour;
    private readonly CameraTiming _timing;
    private readonly TimeProvider _time;
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private CancellationTokenSource _stop = new();
    private CameraServer _server = null!;
    private Task _living = Task.CompletedTask;

    private CameraRoom(StandInCloud cloud, string[] misbehaviour, CameraTiming timing, TimeProvider time)
    {
        _misbehaviour = Misbehaviour.Parse(misbehaviour, out var wrong) ?? throw new ArgumentException(wrong, nameof(misbehaviour));
        (Cloud, _timing, _time) = (cloud, timing, time);
    }

    public static CameraTiming Short { get; } = new()
    {
        ReconnectFirst = TimeSpan.FromMilliseconds(20),
        ReconnectMax = TimeSpan.FromMilliseconds(100),
        KeyGeneration = TimeSpan.FromMilliseconds(1),
        CloseLimit = TimeSpan.FromSeconds(2),
    };

    public StandInCloud Cloud { get; }

    public SimulatedCamera Camera { get; private set; } = null!;

    public CameraState State => Camera.Memory.Current;

    public Uri Local { get; private set; } = null!;

    public static async Task<CameraRoom> StartAsync(params string[] misbehaviour) => await StartAsync(Short, TimeProvider.System, misbehaviour);

    public static async Task<CameraRoom> StartAsync(CameraTiming timing, TimeProvider time, params string[] misbehaviour)
    {
        var room = new CameraRoom(await StandInCloud.StartAsync(), misbehaviour, timing, time);
        await room.OpenAsync();
        return room;
    }

    /// <summary>Ends the camera's process, so to say, and starts another that takes it up from its state file.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        _stop = new CancellationTokenSource();
        await OpenAsync();
    }

    /// <summary>Lets the camera enrol itself and connect.</summary>
    public async Task EnrolAsync(EnrolmentProof proof = EnrolmentProof.PrivateKeyJwt)
    {
        var enrolment = new CameraEnrolment(Camera, TimeProvider.System);
        using var api = new CameraApi(new Uri(Cloud.Url), TrustAnchors.Of(Cloud.Anchor));
        enrolment.Apply(await api.EnrolAsync("user-token", enrolment.SigningRequest(), TestContext.Current.CancellationToken), proof);
        Run();
    }

    /// <summary>Lets it connect as it is configured.</summary>
    public void Run() => _living = Camera.RunAsync(_server, _stop.Token);

    /// <summary>Enrols over uplinks of one kind and waits for it.</summary>
    public async Task<StandInUplink> ConnectAsync(string kind)
    {
        (Cloud.OffersHttps, Cloud.OffersWss) = (kind == "https", kind == "wss");
        await EnrolAsync();
        return await Cloud.NextAsync();
    }

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task<string> ToldAsync(string text)
    {
        while (true)
        {
            var line = await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
    }

    /// <summary>Sends a whole envelope to the local endpoint.</summary>
    public async Task<(HttpStatusCode Status, XElement Body)> SendAsync(string path, string envelope, string? action = null)
    {
        using var content = Soap.Content(envelope, action);
        using var response = await _http.PostAsync(new Uri(Local, path), content, TestContext.Current.CancellationToken);
        return (response.StatusCode, Soap.BodyOf(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Calls an operation that must be carried out.</summary>
    public async Task<XElement> CallAsync(string ns, string body)
    {
        var (status, answer) = await SendAsync(Soap.PathOf(ns), Soap.Envelope(ns, body));
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    /// <summary>Calls an operation that must be refused.</summary>
    /// <returns>Its code and subcodes.</returns>
    public async Task<string> RefusedAsync(string ns, string body)
    {
        var (status, answer) = await SendAsync(Soap.PathOf(ns), Soap.Envelope(ns, body));
        var fault = Soap.FaultOf(answer);
        Assert.Equal(fault.StartsWith("Sender", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.InternalServerError, status);
        return fault;
    }

    /// <summary>A certificate that is signed by itself, base64.</summary>
    /// <param name="rsaBits">0: its key is on a curve.</param>
    /// <param name="withSha1">Its signature is that of former days.</param>
    public static string Certificate(int rsaBits = 0, bool withSha1 = false)
    {
        using var rsa = rsaBits > 0 ? RSA.Create(rsaBits) : null;
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = rsa is null
            ? new CertificateRequest("CN=anchor", ecdsa, HashAlgorithmName.SHA256)
            : new CertificateRequest("CN=anchor", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = withSha1
            ? request.Create(request.SubjectName, new Sha1Signatures(rsa!), from, to, [1])
            : request.CreateSelfSigned(from, to);
        return Convert.ToBase64String(certificate.RawData);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Cloud.DisposeAsync();
        _http.Dispose();
        _directory.Dispose();
    }

    private async Task OpenAsync()
    {
        var memory = CameraMemory.Open(_directory.File("camera-1.json"), () => new CameraIdentity { SerialNumber = "00408CFA1234" });
        Camera = new SimulatedCamera("camera-1", memory, _misbehaviour, _timing, _time, line => _told.Writer.TryWrite(line));
        _server = new CameraServer([(new IPEndPoint(IPAddress.Loopback, 0), Camera)], _time);
        Local = Assert.Single(await _server.StartAsync(TestContext.Current.CancellationToken));
    }

    private async Task CloseAsync()
    {
        await _stop.CancelAsync();
        await _living.WaitAsync(Deadline);
        await _server.DisposeAsync();
        Camera.Dispose();
    }

    private sealed class Sha1Signatures(RSA key) : X509SignatureGenerator
    {
        // sha1WithRSAEncryption, NULL.
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300D06092A864886F70D0101050500");

#pragma warning disable CA5350 // What a camera should refuse.
        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
#pragma warning restore CA5350

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
