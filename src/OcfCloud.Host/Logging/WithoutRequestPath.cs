using Serilog.Core;
using Serilog.Events;

namespace OcfCloud.Host.Logging;

/// <summary>Leaves out the path that the server gives every line of a request by its scope: in that of deviceSharingCompleted is a secret. Lines of one request are told by their <c>RequestId</c>.</summary>
internal sealed class WithoutRequestPath : ILogEventEnricher
{
    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
}
