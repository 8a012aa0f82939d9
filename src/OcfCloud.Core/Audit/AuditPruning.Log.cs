using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Audit;

internal sealed partial class AuditPruning
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Old entries of the audit record were not removed; it is tried again")]
    private partial void LogNotPruned(Exception exception);
}
