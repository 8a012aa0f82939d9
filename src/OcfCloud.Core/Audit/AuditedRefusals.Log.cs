using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Audit;

public sealed partial class AuditedRefusals
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Refusals were not written into the audit record; it is tried again")]
    private partial void LogNotWritten(Exception exception);
}
