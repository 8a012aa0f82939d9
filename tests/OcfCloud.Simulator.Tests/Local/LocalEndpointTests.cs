using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Local;
using OcfCloud.Simulator.Mediators;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Local;

public sealed class LocalEndpointTests : IAsyncLifetime
{
    private const string Configuration = "/CoapCloudConfResURI";
    private readonly DeviceRoom _room = new();
    private readonly Guid _mediator = Guid.NewGuid();
    private readonly LocalEndpoint _endpoint;

    public LocalEndpointTests() => _endpoint = new LocalEndpoint(
        new IPEndPoint(IPAddress.Loopback, 0),
        _room.Device.Certificate,
        _room.Pki.DeviceAnchors,
        _room.Device.Server,
        id => id == _mediator,
        TimeProvider.System);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task It_tells_who_the_device_is_and_where_its_cloud_configuration_is()
    {
        await using var neighbour = await ConnectAsync(Guid.NewGuid());

        var information = await neighbour.GetAsync("/oic/d", Cancellation);
        var links = await neighbour.GetAsync("/oic/res?rt=oic.r.coapcloudconf", Cancellation);

        Assert.Equal(_room.Device.DeviceId.ToString("D"), information["di"]!.ToString());
        Assert.Equal(_room.Device.DeviceId, neighbour.CertifiedId);
        var link = Assert.Single(links.AsArray());
        Assert.Equal(Configuration, link!["href"]!.ToString());
        Assert.Equal(_endpoint.Address.ToString(), link["eps"]![0]!["ep"]!.ToString());
    }

    [Fact]
    public async Task Anybody_of_the_house_may_read_the_configuration_but_only_the_mediator_may_change_it()
    {
        await using var neighbour = await ConnectAsync(Guid.NewGuid());
        Assert.Equal("uninitialized", (await neighbour.GetAsync(Configuration, Cancellation))["cps"]!.ToString());

        var refusal = await Assert.ThrowsAsync<ProvisioningException>(() => neighbour.UpdateAsync(Configuration, Provisioned(), Cancellation));

        Assert.Contains("4.03", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ProvisioningStatus.Uninitialized, _room.Device.Configuration.Current.Cps);

        await using var mediator = await ConnectAsync(_mediator);
        var representation = await mediator.UpdateAsync(Configuration, Provisioned(), Cancellation);
        Assert.Equal("readytoregister", representation["cps"]!.ToString());
        Assert.Null(representation["at"]);
    }

    [Fact]
    public async Task A_malformed_update_of_the_mediator_is_4_00()
    {
        await using var mediator = await ConnectAsync(_mediator);

        foreach (var member in new[] { "cis", "sid", "at" })
        {
            var body = Provisioned();
            body.Remove(member);
            var refusal = await Assert.ThrowsAsync<ProvisioningException>(() => mediator.UpdateAsync(Configuration, body, Cancellation));
            Assert.Contains("4.00", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mediator_brings_the_device_into_the_cloud_and_follows_it()
    {
        _room.Begin();
        await using var device = await ConnectAsync(_mediator);
        var told = new List<string>();
        var provisioning = new Provisioning(device, told.Add);

        Assert.Equal(_room.Device.DeviceId, await provisioning.IdentifyAsync(Cancellation));
        await provisioning.ProvisionAsync(Token(), Cancellation);

        Assert.Equal("registered", told[^1]);
        await (await _room.Cloud.ConnectionAsync()).ExpectAsync("/oic/sec/account");
        Assert.Equal(ProvisioningStatus.Registered, _room.Kept.Cps);
    }

    [Fact]
    public async Task A_failure_is_told_to_the_mediator_in_words()
    {
        _room.Cloud.Next("POST /oic/sec/account", OcfCloud.Coap.CoapCode.Unauthorized);
        _room.Begin();
        await using var device = await ConnectAsync(_mediator);

        var failure = await Assert.ThrowsAsync<ProvisioningException>(() => new Provisioning(device, _ => { }).ProvisionAsync(Token(), Cancellation));

        Assert.Contains("the cloud answered with an error (clec 1)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_observer_of_the_configuration_sees_every_step()
    {
        await using var neighbour = await ConnectAsync(Guid.NewGuid());
        var seen = Channel.CreateUnbounded<string>();
        await using var observation = await neighbour.ObserveAsync(Configuration, r => seen.Writer.TryWrite($"{r["cps"]} {r["clec"]}"), Cancellation);

        await _room.SignInAsync();

        while (await seen.Reader.ReadAsync(Cancellation) != "registered 0")
        {
            // The steps before.
        }
    }

    [Fact]
    public async Task Strangers_get_no_connection()
    {
        using var otherPki = new TestPki();
        using var stranger = otherPki.IssueDevice(Guid.NewGuid());
        var dialer = new TlsDialer(stranger, _room.Pki.DeviceAnchors, TimeSpan.FromSeconds(10), TimeProvider.System);

        // With TLS 1.3 the refusal arrives after the client's side of the handshake is done.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var connection = await DeviceConnection.OpenAsync(_endpoint.Address, dialer, TimeProvider.System, Cancellation);
            await connection.GetAsync("/oic/d", Cancellation);
        });
        await using var neighbour = await ConnectAsync(Guid.NewGuid());
        await neighbour.GetAsync("/oic/d", Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DeviceToken Token() => new("one-time", "ocfcloud", _room.Cloud.Address.ToString(), _room.Cloud.Id.ToString("D"), ExpiresIn: 600);

    private JsonObject Provisioned() => new()
    {
        ["cis"] = _room.Cloud.Address.ToString(),
        ["sid"] = _room.Cloud.Id.ToString("D"),
        ["at"] = "one-time",
        ["apn"] = "ocfcloud",
    };

    private async Task<DeviceConnection> ConnectAsync(Guid id)
    {
        using var certificate = _room.Pki.IssueDevice(id);
        var dialer = new TlsDialer(certificate, _room.Pki.DeviceAnchors, TimeSpan.FromSeconds(10), TimeProvider.System);
        return await DeviceConnection.OpenAsync(_endpoint.Address, dialer, TimeProvider.System, Cancellation);
    }
}
