using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>
/// The least that is an uplink of a camera: after the upgrade an HTTP/2 server that answers every request with its device information. Thousands fit into
/// a test, and one shows what becomes of a connection.
/// </summary>
internal sealed class PlainUplink : IAsyncDisposable
{
    private const byte Data = 0, Headers = 1, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, EndOfStream = 1, Acknowledgement = 1, EndOfHeaders = 4;

    // RFC 7541, 6: ":status: 200" by its index, content-type by its name's.
    private static readonly byte[] AnswerHeaders = [0x88, 0x0f, 0x10, 35, .. "application/soap+xml; charset=utf-8"u8];

    private readonly SslStream _stream;
    private readonly byte[] _answer;
    private readonly byte[] _header = new byte[9];
    private byte[] _payload = new byte[256];

    private PlainUplink(SslStream stream, string serialNumber)
    {
        _stream = stream;
        _answer = Encoding.UTF8.GetBytes(
            $"""
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>AC-2000</tds:Model><tds:FirmwareVersion>4.2.1</tds:FirmwareVersion><tds:SerialNumber>{serialNumber}</tds:SerialNumber><tds:HardwareId>7B1</tds:HardwareId></tds:GetDeviceInformationResponse></s:Body></s:Envelope>
            """);
        Ended = ServeAsync();
    }

    /// <summary>Done when the cloud has ended the connection.</summary>
    public Task Ended { get; }

    /// <summary>Asks to be let in.</summary>
    /// <returns>The status: 101 with the uplink, else without.</returns>
    public static async Task<(int Status, PlainUplink? Uplink)> ConnectAsync(CameraCloud cloud, string? accessToken, string serialNumber = "plain")
    {
        var client = new TcpClient();
        await client.ConnectAsync(cloud.Cloud.Uplink.Host, cloud.Cloud.Uplink.Port, TestContext.Current.CancellationToken);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(cloud.Cloud.Authority);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust, ApplicationProtocols = [SslApplicationProtocol.Http11] }, TestContext.Current.CancellationToken);
        var authorization = accessToken is null ? "" : $"Authorization: Bearer {accessToken}\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /onvif/uplink HTTP/1.1\r\nHost: localhost:{cloud.Cloud.Uplink.Port}\r\nConnection: Upgrade\r\nUpgrade: h2c-reverse\r\n{authorization}\r\n"),
            TestContext.Current.CancellationToken);
        var status = int.Parse((await HttpHead.ReadAsync(stream, TestContext.Current.CancellationToken)).FirstLine.Split(' ')[1]);
        if (status == 101) return (status, new PlainUplink(stream, serialNumber));
        await stream.DisposeAsync();
        return (status, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await Ended;
    }

    private async Task ServeAsync()
    {
        try
        {
            await _stream.ReadExactlyAsync(new byte[24]);
            await SendAsync(Settings, 0, 0, []);
            await _stream.FlushAsync();
            while (await AnswerFrameAsync())
            {
                await _stream.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // However it ends, it has ended.
        }
    }

    // RFC 9113, 4.1: length, type, flags, stream.
    private async Task<bool> AnswerFrameAsync()
    {
        await _stream.ReadExactlyAsync(_header);
        var (length, type, flags) = ((_header[0] << 16) | (_header[1] << 8) | _header[2], _header[3], _header[4]);
        var id = BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(5));
        if (_payload.Length < length) _payload = new byte[length];
        await _stream.ReadExactlyAsync(_payload.AsMemory(0, length));
        switch (type)
        {
            case GoAway:
                return false;
            case Settings when (flags & Acknowledgement) == 0:
                await SendAsync(Settings, Acknowledgement, 0, []);
                break;
            case Ping when (flags & Acknowledgement) == 0:
                await SendAsync(Ping, Acknowledgement, 0, _payload[..8]);
                break;
            case Data or Headers:
                if (type == Data && length > 0) await SendAsync(WindowUpdate, 0, 0, [0, (byte)(length >> 16), (byte)(length >> 8), (byte)length]);
                if ((flags & EndOfStream) == 0) break;
                await SendAsync(Headers, EndOfHeaders, id, AnswerHeaders);
                await SendAsync(Data, EndOfStream, id, _answer);
                break;
        }

        return true;
    }

    private async Task SendAsync(byte type, byte flags, int id, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, 9);
        await _stream.WriteAsync(frame);
    }
}
