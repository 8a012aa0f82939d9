using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;
using OcfCloud.DeviceGateway.Twins;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>What all connections of this node share.</summary>
internal sealed record ConnectionServices(
    IOptions<DeviceGatewayOptions> Options,
    CloudResources Resources,
    RequestRouter Router,
    WholeRequests Whole,
    LiveSessions Sessions,
    OnlineState Online,
    ObservationHub Observations,
    TwinFeeds Twins,
    RecordedRefusals Refusals,
    TimeProvider Time,
    GatewayMetrics Metrics,
    ILogger<DeviceConnection> Logger);
