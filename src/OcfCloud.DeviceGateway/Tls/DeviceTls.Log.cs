using System.Net;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Certificates;

namespace OcfCloud.DeviceGateway.Tls;

public sealed partial class DeviceTls
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Devices are let in WITHOUT A CERTIFICATE (OcfCloud:Devices:AllowWithoutCertificate): for development only")]
    private partial void LogCertificatesOptional();

    [LoggerMessage(Level = LogLevel.Information, Message = "Devices are shown another certificate from now on: {Thumbprint}, valid until {NotAfter:u}")]
    private partial void LogShown(string thumbprint, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Information, Message = "A device was refused: it presented no certificate")]
    private partial void LogWithoutCertificate();

    [LoggerMessage(Level = LogLevel.Information, Message = "A device was refused: {Verdict}, certificate {Serial} of {Subject}")]
    private partial void LogRefused(TrustVerdict verdict, string subject, string serial);

    [LoggerMessage(Level = LogLevel.Information, Message = "This runtime or its OpenSSL keeps the TLS buffers of connections that say nothing: each costs some 30 KB more")]
    private partial void LogBuffersStay();

    [LoggerMessage(Level = LogLevel.Debug, Message = "The handshake with {Peer} failed: {Reason}")]
    private partial void LogHandshakeFailed(EndPoint? peer, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Closing the connections that are no longer trusted failed")]
    private partial void LogHandlerFailed(Exception exception);
}
