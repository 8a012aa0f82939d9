namespace OcfCloud.Host.Endpoints;

internal sealed partial class HttpsCertificate
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate of https read again from {Path}")]
    private partial void LogReloaded(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificate of https at {Path} changed and cannot be used, the old one stays: {Reason}")]
    private partial void LogNotReloaded(string path, string reason);
}
