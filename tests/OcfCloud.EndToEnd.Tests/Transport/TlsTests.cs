using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>device-to-cloud.md, 1: who is let in, by which TLS, and which device a certificate binds.</summary>
public sealed class TlsTests(RevokingCloud fixture) : IClassFixture<RevokingCloud>
{
    private Cloud Cloud => fixture.Cloud;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_peer_without_a_certificate_is_refused(SslProtocols protocol) => await AssertRefusedAsync(null, protocol);

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_certificate_of_an_unknown_authority_is_refused(SslProtocols protocol)
    {
        using var certificate = DeviceCertificates.IssueByStranger($"uuid:{Guid.NewGuid()}");
        await AssertRefusedAsync(certificate, protocol);
    }

    [Fact]
    public async Task A_certificate_that_names_two_devices_is_refused()
    {
        using var certificate = DeviceCertificates.Issue(Cloud, $"uuid:{Guid.NewGuid()},CN=uuid:{Guid.NewGuid()}");
        await AssertRefusedAsync(certificate, SslProtocols.None);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_of_TLS_are_spoken_with_certificates_on_both_sides(SslProtocols protocol)
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User, new WireOptions { Protocols = protocol });
        Assert.Equal(protocol, device.Connection.Protocol);
    }

    [Fact]
    public async Task The_clouds_certificate_is_an_identity_certificate_of_its_sid()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var certificate = device.Connection.CloudCertificate!;
        Assert.Equal($"CN=uuid:{Cloud.Sid}", certificate.Subject);
        using var key = certificate.GetECDsaPublicKey()!;
        Assert.Equal(ECCurve.NamedCurves.nistP256.Oid.Value, key.ExportParameters(false).Curve.Oid.Value);
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value!);
        Assert.Equal(["1.3.6.1.4.1.44924.1.6", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], usages.Order(StringComparer.Ordinal));
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Contains("localhost", names.EnumerateDnsNames());
        Assert.Contains(IPAddress.Loopback, names.EnumerateIPAddresses());
    }

    [Theory]
    [InlineData("coap", "coap")]
    [InlineData("h2,coap", "coap")]
    [InlineData("", "")]
    public async Task Coap_is_chosen_where_it_is_offered_and_nothing_is_required(string offered, string chosen)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync(new WireOptions { Alpn = offered.Split(',', StringSplitOptions.RemoveEmptyEntries) });
        Assert.Equal(chosen, device.Connection.Alpn);
        await device.Connection.PingAsync();
    }

    [Fact]
    public async Task A_certificate_that_binds_a_device_lets_no_other_register_sign_in_refresh_or_deregister()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        using var other = DeviceCertificates.Issue(Cloud, Guid.NewGuid());
        await using var thief = new TestDevice(Cloud, device.Id, other) { Tokens = device.Tokens };
        await thief.ConnectAsync();

        Assert.Equal("4.01", (await thief.TrySignInAsync()).CodeText);
        Assert.Equal("4.01", (await thief.TryRefreshAsync()).CodeText);
        Assert.Equal("4.01", (await thief.RequestAsync("DELETE", $"/oic/sec/account?di={device.Id}&uid={device.Tokens.Uid}&accesstoken={device.Tokens.AccessToken}")).CodeText);
        Assert.Equal("4.01", (await thief.TrySignUpAsync(await fixture.User.CreateDeviceTokenAsync())).CodeText);
        await thief.Connection.EndAsync();

        // Nothing of it reached the device: its session lives, its tokens are the same.
        Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
        await Eventually.EqualAsync("online", () => fixture.User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_certificate_binds_its_device_in_any_case()
    {
        var id = Guid.NewGuid();
        await using var device = new TestDevice(Cloud, id, DeviceCertificates.Issue(Cloud, "uuid:" + id.ToString().ToUpperInvariant()));
        await device.JoinAsync(fixture.User);
    }

    [Fact]
    public async Task A_makers_certificate_with_a_bare_UUID_binds_nothing()
    {
        await using var device = new TestDevice(Cloud, Guid.NewGuid(), DeviceCertificates.Issue(Cloud, Guid.NewGuid().ToString()));
        await device.JoinAsync(fixture.User);
        Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
    }

    [Fact]
    public async Task A_revoked_certificate_loses_its_connection_and_gets_no_other()
    {
        await using var revoked = new TestDevice(Cloud);
        await using var other = new TestDevice(Cloud);
        await revoked.JoinAsync(fixture.User);
        await other.JoinAsync(fixture.User);

        await File.WriteAllBytesAsync(fixture.ListFile("devices.crl"), RevocationLists.Issue(Cloud, 1, revoked.Certificate), TestContext.Current.CancellationToken);
        await revoked.Connection.EndAsync();
        await AssertRefusedAsync(revoked.Certificate, SslProtocols.None);
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(revoked.Id));
        await Eventually.EqualAsync("handshake certificate-revoked", () => RefusalOfAsync(revoked));
        await other.Connection.PingAsync();

        // A list that the authority did not sign changes nothing: the last good one stays.
        await using var victim = new TestDevice(Cloud);
        await using var last = new TestDevice(Cloud);
        await victim.JoinAsync(fixture.User);
        await last.JoinAsync(fixture.User);
        var printed = Cloud.Host.Output.Count;
        await File.WriteAllBytesAsync(fixture.ListFile("devices.crl"), RevocationLists.Forge(Cloud, 2, victim.Certificate), TestContext.Current.CancellationToken);
        await Cloud.Host.WaitForAsync("devices.crl.*last good content stays in force", printed);
        await AssertRefusedAsync(revoked.Certificate, SslProtocols.None);
        await victim.Connection.PingAsync();

        await File.WriteAllBytesAsync(fixture.ListFile("devices.crl"), RevocationLists.Issue(Cloud, 3, last.Certificate), TestContext.Current.CancellationToken);
        await last.Connection.EndAsync();
        await victim.Connection.PingAsync();
        await revoked.ReturnAsync();
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-CCM8")]
    [InlineData("ECDHE-ECDSA-AES256-CCM8")]
    [InlineData("ECDHE-ECDSA-AES128-CCM")]
    [InlineData("ECDHE-ECDSA-AES256-CCM")]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256")]
    public async Task The_suites_of_constrained_devices_are_spoken_at_coaps(string suite)
    {
        using var client = new OpenSsl(Certificate());
        await using var program = client.Connect(Cloud.Coaps, "-tls1_2", "-cipher", suite);
        await program.WaitForAsync($"Cipher is {suite}$");
        await program.WaitForAsync("Verify return code");
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-CCM8")]
    [InlineData("ECDHE-ECDSA-AES256-CCM8")]
    public async Task The_suites_with_short_tags_are_refused_at_https(string suite)
    {
        using var client = new OpenSsl(Certificate());
        await using var program = client.Connect(IPEndPoint.Parse(Cloud.Https.Authority), "-tls1_2", "-cipher", suite);
        program.CloseInput();
        await program.WaitForAsync(@"Cipher is \(NONE\)");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_is_resumed_with_the_devices_certificate(string version)
    {
        using var client = new OpenSsl(Certificate());
        await SaveSessionAsync(client, version);
        await AssertResumedAsync(client, version);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_with_a_chain_of_known_authorities_is_resumed(string version)
    {
        using var client = new OpenSsl(Certificate());
        string[] chain = ["-cert_chain", Cloud.Pki("device-ca.pem")];
        await SaveSessionAsync(client, [version, .. chain]);
        await AssertResumedAsync(client, [version, .. chain]);
    }

    // Else one device could fill the memory with what it sends beside its certificate.
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_with_certificates_that_nobody_knows_is_not_resumed(string version)
    {
        using var client = new OpenSsl(Certificate());
        using var other = DeviceCertificates.IssueByStranger("other");
        string[] chain = ["-cert_chain", client.WriteChain(other)];
        await SaveSessionAsync(client, [version, .. chain]);
        await AssertNewAsync(client, [version, .. chain]);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_of_a_stranger_is_not_resumed(string version)
    {
        using var stranger = DeviceCertificates.IssueByStranger($"uuid:{Guid.NewGuid()}");
        using var client = new OpenSsl(stranger);
        await SaveSessionAsync(client, version);
        await AssertNewAsync(client, version);
    }

    [Fact]
    public async Task Sessions_are_resumed_after_the_clouds_certificate_was_written_anew()
    {
        var said = Cloud.Host.Output.Count;
        await File.AppendAllTextAsync(Cloud.Pki("cloud.pem"), "# the same\n", TestContext.Current.CancellationToken);
        await Cloud.Host.WaitForAsync("Devices are shown another certificate from now on", said);

        using var client = new OpenSsl(Certificate());
        await SaveSessionAsync(client, "-tls1_2");
        await AssertResumedAsync(client, "-tls1_2");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_of_a_certificate_that_was_revoked_since_gets_nobody_in(string version)
    {
        using var certificate = Certificate();
        using var client = new OpenSsl(certificate);
        await SaveSessionAsync(client, version);
        await AssertResumedAsync(client, version);
        await using var first = client.Connect(Cloud.Coaps, version, "-sess_in", client.Session);
        await first.WaitForAsync("^Reused, TLS");

        await File.WriteAllBytesAsync(fixture.ListFile($"resumed{version}.crl"), RevocationLists.Issue(Cloud, 1, certificate), TestContext.Current.CancellationToken);
        await first.WaitForExitAsync();

        // It ends although its input is open.
        await using var second = client.Connect(Cloud.Coaps, version, "-sess_in", client.Session);
        await second.WaitForExitAsync();
    }

    [Fact]
    public async Task Peers_that_do_not_finish_their_handshake_take_no_place_from_others()
    {
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(Cloud.Coaps, TestContext.Current.CancellationToken);
                // Every second one says how long its ClientHello is and then nothing.
                if (i % 2 == 0)
                {
                    await socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00 }, TestContext.Current.CancellationToken);
                }
            }

            await using var device = new TestDevice(Cloud);
            await device.JoinAsync(fixture.User);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    private async Task SaveSessionAsync(OpenSsl client, params string[] options)
    {
        // Of the first connection that a certificate is shown on no session is kept.
        await using (var device = new TestDevice(Cloud))
        {
            await device.ConnectAsync();
            await device.Connection.PingAsync();
        }

        await client.SaveSessionAsync(Cloud.Coaps, options);
    }

    // The peer may have its session a moment before the cloud has looked at its certificate.
    private Task AssertResumedAsync(OpenSsl client, params string[] options) =>
        Eventually.EqualAsync(true, () => client.IsResumedAsync(Cloud.Coaps, options));

    private async Task AssertNewAsync(OpenSsl client, params string[] options)
    {
        // Where another one's would be resumed by now.
        using var other = new OpenSsl(Certificate());
        await SaveSessionAsync(other, options[0]);
        await AssertResumedAsync(other, options[0]);
        Assert.False(await client.IsResumedAsync(Cloud.Coaps, options));
    }

    private async Task<string?> RefusalOfAsync(TestDevice device)
    {
        var refusal = (await Cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray().Single(one => one.GetProperty("di").GetGuid() == device.Id).GetProperty("lastRefusal");
        return refusal.ValueKind == JsonValueKind.Object ? $"{refusal.GetProperty("what").GetString()} {refusal.GetProperty("reason").GetString()}" : null;
    }

    private X509Certificate2 Certificate() => DeviceCertificates.Issue(Cloud, Guid.NewGuid());

    // In TLS 1.3 the client's handshake is over before the server has seen the certificate.
    private async Task AssertRefusedAsync(X509Certificate2? certificate, SslProtocols protocol)
    {
        try
        {
            await using var connection = await WireConnection.ConnectAsync(Cloud.Coaps, certificate, Cloud.Authority, new WireOptions { Protocols = protocol });
            await connection.EndAsync();
            Assert.Empty(connection.Received);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Refused in the handshake, or reset before the CSM was out.
        }
    }
}
