using OcfCloud.Core.Certificates;

namespace OcfCloud.Host.Endpoints;

internal sealed partial class PeerDoor
{
    [LoggerMessage(Level = LogLevel.Information, Message = "A peer cloud was refused: it presented no certificate")]
    private partial void LogWithoutCertificate();

    [LoggerMessage(Level = LogLevel.Information, Message = "A peer cloud was refused: {Verdict}, certificate {Serial} of {Subject}")]
    private partial void LogRefused(TrustVerdict verdict, string subject, string serial);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading the trust anchors of peer clouds failed; the next look tries again")]
    private partial void LogNotRead(Exception exception);
}
