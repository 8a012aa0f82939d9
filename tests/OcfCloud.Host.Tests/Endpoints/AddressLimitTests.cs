using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Host.Endpoints;
using OcfCloud.Host.Endpoints.Proxies;
using OcfCloud.Host.Metrics;
using OcfCloud.Testing;

namespace OcfCloud.Host.Tests.Endpoints;

public sealed class AddressLimitTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TaskCompletionSource _end = new();

    [Fact]
    public void An_address_has_its_share_of_a_door_and_trusted_proxies_have_all_of_it()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        using var metrics = new HostMetrics(meters);
        using var figures = new ExportedFigures(meters);
        var limit = new AddressLimit(2, HttpDoor.Https, new TrustedProxies([IPNetwork.Parse("127.0.0.7/32")]), metrics);

        Assert.True(IsAdmitted(limit, "192.0.2.1"));
        Assert.True(IsAdmitted(limit, "::ffff:192.0.2.1"));
        Assert.False(IsAdmitted(limit, "192.0.2.1"));
        Assert.True(IsAdmitted(limit, "192.0.2.2"));
        for (var i = 0; i < 5; i++) Assert.True(IsAdmitted(limit, "127.0.0.7"));
        Assert.Equal(1, figures.Of("ocfcloud.http.connections.rejected", "https"));

        _end.SetResult();
        Assert.True(IsAdmitted(limit, "192.0.2.1"));
    }

    public void Dispose() => _services.Dispose();

    private bool IsAdmitted(AddressLimit limit, string address)
    {
        var isIn = false;
        var connection = new Peer { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };
        _ = limit.ServeAsync(connection, _ =>
        {
            isIn = true;
            return _end.Task;
        });
        Assert.Equal(!isIn, connection.IsAborted);
        return isIn;
    }

    private sealed class Peer : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
