using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Routing;

/// <summary>A cloud whose waits are short and whose limits are low.</summary>
public sealed class TightCloud() : CloudFixture(
    "Devices:TwinSpread=1.00:00:00", "Devices:RequestTimeout=00:00:01", "Devices:MaxRequestsInFlight=2", "Devices:IdlePing=00:00:01",
    "Devices:HandshakeTimeout=00:00:03", "Devices:MaxOutgoingBytes=65536",
    $"Endpoints:TrustedProxies:0={Balancer.Address}/32", $"Devices:MaxConnectionsPerAddress={TightCloud.ConnectionsPerAddress}",
    "Onvif:MaxFirmwareQueriesPerMinute=1")
{
    /// <summary>More than a test has that is not about them.</summary>
    internal const string ConnectionsPerAddress = "10";
}
