using Microsoft.Extensions.Logging;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <content>What is logged of it.</content>
public sealed partial class ShareTokenDesk
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Share token {Token} of camera {Camera} is issued: {Mode}, at most {Level}")]
    private partial void LogIssued(Guid token, Guid camera, ShareMode mode, UserLevel level);

    [LoggerMessage(Level = LogLevel.Information, Message = "Share token {Token} of camera {Camera} is revoked")]
    private partial void LogRevoked(Guid token, Guid camera);
}
