using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.Synchronisation;

internal sealed partial class Retrieval
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} devices that {Cloud} told of for linked account {Account} are left out: no devices, or too many")]
    private partial void LogLeftOut(Guid account, string cloud, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} devices of {Cloud} retrieved for linked account {Account}: {Changed} new or changed, {Gone} gone")]
    private partial void LogRetrieved(Guid account, string cloud, int count, int changed, int gone);
}
