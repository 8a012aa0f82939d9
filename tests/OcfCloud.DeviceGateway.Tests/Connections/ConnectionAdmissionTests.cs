using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.Testing;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>Who is let in to the handshake.</summary>
public sealed class ConnectionAdmissionTests : IDisposable
{
    private const string Rejected = "ocfcloud.gateway.rejected";

    private readonly FakeTimeProvider _time = new();
    private readonly DeviceGatewayOptions _options = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<TaskCompletionSource> _open = [];

    [Fact]
    public void Over_the_total_a_connection_is_closed_and_another_ones_end_makes_room()
    {
        _options.MaxConnections = 2;
        var admission = Admission();
        using var figures = new ExportedFigures(Meters);

        Assert.True(IsAdmitted(admission, "192.0.2.1"));
        Assert.True(IsAdmitted(admission, "192.0.2.2"));
        Assert.False(IsAdmitted(admission, "192.0.2.3"));
        Assert.Equal(1, figures.Of(Rejected, "connections"));

        _open[0].SetResult();
        Assert.True(IsAdmitted(admission, "192.0.2.3"));
        Assert.False(IsAdmitted(admission, "192.0.2.4"));
    }

    [Fact]
    public void Over_the_limit_of_an_address_others_are_still_let_in()
    {
        _options.MaxConnectionsPerAddress = 2;
        var admission = Admission();
        using var figures = new ExportedFigures(Meters);

        Assert.True(IsAdmitted(admission, "192.0.2.1"));
        Assert.True(IsAdmitted(admission, "::ffff:192.0.2.1"));
        Assert.False(IsAdmitted(admission, "192.0.2.1"));
        Assert.True(IsAdmitted(admission, "192.0.2.2"));
        Assert.Equal(1, figures.Of(Rejected, "connections_per_address"));
        _open[1].SetResult();
        Assert.True(IsAdmitted(admission, "192.0.2.1"));
    }

    [Fact]
    public void All_addresses_of_one_network_of_IPv6_count_together()
    {
        _options.MaxConnectionsPerAddress = 2;
        var admission = Admission();

        Assert.True(IsAdmitted(admission, "2001:db8:0:1::1"));
        Assert.True(IsAdmitted(admission, "2001:db8:0:1:ffff::2"));
        Assert.False(IsAdmitted(admission, "2001:db8:0:1::3"));
        Assert.True(IsAdmitted(admission, "2001:db8:0:2::1"));
    }

    [Fact]
    public void An_address_opens_so_many_at_once_and_then_so_many_a_second()
    {
        (_options.MaxHandshakesPerAddress, _options.HandshakesPerSecond) = (60, 10);
        var admission = Admission();
        using var figures = new ExportedFigures(Meters);

        for (var i = 0; i < 60; i++) Assert.True(IsAdmitted(admission, "192.0.2.1"));
        Assert.False(IsAdmitted(admission, "192.0.2.1"));
        Assert.True(IsAdmitted(admission, "192.0.2.2"));
        Assert.Equal(1, figures.Of(Rejected, "handshakes_per_address"));

        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++) Assert.True(IsAdmitted(admission, "192.0.2.1"));
        Assert.False(IsAdmitted(admission, "192.0.2.1"));

        _time.Advance(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 60; i++) Assert.True(IsAdmitted(admission, "192.0.2.1"));
        Assert.False(IsAdmitted(admission, "192.0.2.1"));
    }

    public void Dispose() => _services.Dispose();

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    private ConnectionAdmission Admission() => new(Options.Create(_options), new GatewayMetrics(Meters), _time);

    private bool IsAdmitted(ConnectionAdmission admission, string address)
    {
        var isIn = false;
        var end = new TaskCompletionSource();
        var connection = new Caller { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };
        var serving = admission.ServeAsync(connection, _ =>
        {
            isIn = true;
            _open.Add(end);
            return end.Task;
        });
        Assert.Equal(!isIn, serving.IsCompleted);
        Assert.Equal(!isIn, connection.IsAborted);
        return isIn;
    }

    private sealed class Caller : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
