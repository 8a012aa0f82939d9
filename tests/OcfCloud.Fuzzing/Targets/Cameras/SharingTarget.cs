using System.Buffers.Text;
using System.Text;
using OcfCloud.Fuzzing.Engine;
using OcfCloud.Fuzzing.Targets.Payloads;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Provisioning.StartDeviceSharing;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Fuzzing.Targets.Cameras;

/// <summary>Bodies and texts of the ONVIF REST operations, of cameras' enrolment and of their clients. The first byte names what the rest is.</summary>
internal sealed class SharingTarget : FuzzTarget
{
    private const string Anchor = "MIIBbjCCARWgAwIBAgIUbj3iMSMvQ871oftyfzCglcWS56IwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjgwNjQ2MDVaGA8yMTI2MTEwNDA2NDYwNVowDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGzCmg9GWCdqgqu8s2ckhFISamnjmxmpoR8riPhXOd0fY+w+E9aoRPrXPIrVShBBfLS2x1a7Ia2RSMUwMltlZOGjUzBRMB0GA1UdDgQWBBSeaoKYIwV1Ps/DbndtVvN2r9gWPDAfBgNVHSMEGDAWgBSeaoKYIwV1Ps/DbndtVvN2r9gWPDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBJNvsg0gq61mQRs6IXBAFQnIjrb32JMt3+h4VChKfIgAiAQU0lwmKVYmOMv0iOd6WZuqlukAhuqSmr5ZslUe1ek+w==";
    private const string CertificationRequest = "MIHGMG4CAQAwDDEKMAgGA1UEAwwBYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIXCVfbW9HNXzpdnJN8ccnHFAlcUz9l1e1/aE85H/nvzE7jXXpauhjQTZYDhpskTEuq9X/qXhumDzt0CNn2rqRWgADAKBggqhkjOPQQDAgNIADBFAiEAq2KaQK62jeN26k8642u48XjiFODU+Ii+++iH8HJvUcQCIAd1C/czIuNbynglnYJdbR8fM9v3pSps0M1A5z4W5mXZ";

    private readonly ConfigurationReader _reader = new(StillTime.Instance);

    public override string Name => "sharing";

    public override Grain Grain => Grain.Json;

    public override long AllocationPerByte => 512;

    public override IEnumerable<byte[]> Seeds =>
    [
        [0, .. Encoding.UTF8.GetBytes($$"""{"deviceConfigurations":[{"shareToken":"a.b.c","endpointReferences":["https://127.0.0.1:9443/onvif/cloud/deviceSharingCompleted/n"],"uplinkConfigurations":[{"remoteAddress":"wss://127.0.0.1:9443/onvif/uplink","userLevel":"Operator","certPathValidationPolicyAlias":"p"}],"authorizationServerConfigurations":[{"serverUri":"https://a.example/x","clientId":"cam-1","scope":"onvif.uplink a","certPathValidationPolicyAlias":"p"}],"certPathValidationPolicies":[{"alias":"p","trustAnchors":["{{Anchor}}"]}]}]}""")],
        [1, .. """{"mode":"transfer","userLevel":"User","lifetime":"24:00:00","recipient":"ocs.example"}"""u8],
        [1, .. """{"lifetime":"0.12:30:00"}"""u8],
        [2, .. "eyJhbGciOiJFUzI1NiJ9.eyJtYW51ZmFjdHVyZXIiOiJBY21lIiwibW9kZWwiOiJBIiwic2VyaWFsTnVtYmVyIjoiMDA0MCJ9.AAAA"u8],
        [2, .. Encoding.UTF8.GetBytes(Convert.ToBase64String("eyJhbGciOiJFUzI1NiJ9.eyJtb2RlbCI6IkEifQ.AAAA"u8))],
        [3, .. """{"alg":"ES256","kid":"k","typ":"JWT"}"""u8, (byte)'\n', .. """{"iss":"c","sub":"c","aud":["https://a"],"jti":"j","exp":1795000000,"nbf":1,"iat":2.5}"""u8],
        [5, .. """{"onvif:manufacturer":"Acme","onvif:model":"A \ud83d\ude00","onvif:sn":"0040","xaddr":"https://pcs.example/onvif","mode":"share","max_user_level":"Operator"}"""u8],
        [4, .. Encoding.UTF8.GetBytes($"-----BEGIN CERTIFICATE REQUEST-----\n{CertificationRequest}\n-----END CERTIFICATE REQUEST-----\n")],
        [4, .. Convert.FromBase64String(CertificationRequest)],
        [4, .. Encoding.UTF8.GetBytes(CertificationRequest)],
    ];

    public override IEnumerable<byte[]> Words =>
    [
        .. JsonWords.All,
        .. JsonWords.Of(
            "https://", "wss://", "http://", "@", "%2f", "[::1]", "[fe80::1%25eth0]", "0x7f.1", "127.1", "256.1.1.1", ".", "..", ":0", ":99999", "#", "?", "xn--", "Administrator", "share", "00:00:00", "99.23:59:59", "24:00:00",
            "\"shareToken\":\"a.b.c\"", "eyJ", "====", "-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----", "-----BEGIN NEW CERTIFICATE REQUEST-----", "MII", "onvif.uplink", "\\u0001", "\\uffff"),
        [0x30, 0x80], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x82], [0x06, 0x03, 0x55, 0x04, 0x03], [0x02, 0x01, 0], [0x31, 0], [0xa0, 0], [0x05, 0], [0x03, 0x01, 0],
    ];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return;
        var rest = input[1..];
        switch (input.Span[0] % 6)
        {
            case 0:
                Start(rest);
                break;
            case 1:
                var (json, problem) = Invariant.Finished(JsonBody.ReadAsync(Requests.Of(rest)));
                if (problem is not null) break;
                var (order, refusal) = NewShareToken.Read(json);
                Invariant.Holds(order is null != refusal is null, "there is an order, or why not");
                break;
            case 2:
                var text = Encoding.Latin1.GetString(rest.Span);
                _ = PromisedCamera.Of(text);
                if (ShareTokenText.CompactOf(text) is { } compact) Invariant.Holds(compact.Length <= ShareTokenText.MaxLength && compact.Split('.').Length == 3, "a token has three parts");
                break;
            case 3:
                // Two lines: its head and its claims.
                var line = rest.Span.IndexOf((byte)'\n');
                var head = line < 0 ? rest : rest[..line];
                if (ClientAssertion.Read($"{Encoded(head)}.{Encoded(rest[(head.Length + (line < 0 ? 0 : 1))..])}.AAAA") is { } assertion) LookAt(assertion);
                break;
            case 5:
                _ = PromisedCamera.Of($"a.{Encoded(rest)}.c");
                _ = TokenPromise.Read($"eyJhbGciOiJFUzI1NiJ9.{Encoded(rest)}.AAAA");
                break;
            default:
                if (CertificationRequestFile.Read(rest.Span) is { } der) LookAt(der);
                break;
        }
    }

    private static string Encoded(ReadOnlyMemory<byte> json) => Base64Url.EncodeToString(json.Span);

    private void Start(ReadOnlyMemory<byte> body)
    {
        var (json, refusal) = Invariant.Finished(CloudBody.ReadAsync(Requests.Of(body)));
        if (refusal is not null) return;
        var (shares, refused) = SharingRequest.Read(json);
        Invariant.Holds(shares.Count > 0 == refused is null && shares.Count <= 100, "there are shares, or why not");
        foreach (var share in shares)
        {
            var (configuration, wrong) = _reader.Read(share.Json, share.Token);
            Invariant.Holds(configuration is null != wrong is null, "there is a configuration, or why not");
            if (configuration is null) continue;
            var again = ConfigurationText.Read(ConfigurationText.WithoutToken(configuration));
            Invariant.Holds(
                ConfigurationText.HashOf(again, share.CompactToken).AsSpan().SequenceEqual(ConfigurationText.HashOf(configuration, share.CompactToken)), "a configuration is read as it was stored");
            foreach (var uplink in configuration.UplinkConfigurations)
                Invariant.Holds(RemoteUrl.TryRead(uplink.RemoteAddress, allowsWebSocket: true, out var url) && url.Normalised.Length > 0 && url.Authority.Length > 0 && url.LookedUpHost.Length > 0, "an address has a host");
        }
    }

    private static void LookAt(ClientAssertion assertion) => Invariant.Holds(
        assertion.ClientId.Length <= 64 && assertion.Jti.Length == 32 && double.IsFinite(assertion.ExpiresAt) && double.IsFinite(assertion.NotBefore ?? 0),
        "an assertion is bounded");

    private static void LookAt(byte[] der)
    {
        var key = DeviceKey.Read(der, out var refusal, allowShortRsaKeys: true);
        Invariant.Holds(key is null != refusal is null, "there is a key, or why not");
        if (key is not null) Invariant.Holds(key.Thumbprint.Length == 43 && !key.Subject.Any(char.IsControl), "a key has a thumbprint, and a subject of one line");
    }
}
