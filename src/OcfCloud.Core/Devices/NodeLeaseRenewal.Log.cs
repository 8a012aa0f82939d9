using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Devices;

internal sealed partial class NodeLeaseRenewal
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of this node was not renewed; another node may set its sessions offline meanwhile")]
    private partial void LogNotRenewed(Exception exception);
}
