using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.Targets;

internal sealed partial class TargetPipeline
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Part} of linked cloud {Cloud} failed too often: it is left alone for {Time}. Last: {Detail}")]
    private partial void LogResting(string cloud, string part, TimeSpan time, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Part} of linked cloud {Cloud} answers again")]
    private partial void LogAnswers(string cloud, string part);
}
