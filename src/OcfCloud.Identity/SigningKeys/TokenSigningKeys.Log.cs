using Microsoft.Extensions.Logging;

namespace OcfCloud.Identity.SigningKeys;

internal sealed partial class TokenSigningKeys
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Made the signing key {KeyId}")]
    private partial void LogMade(string keyId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The signing key {KeyId} cannot be read with this key ring: {Reason}")]
    private partial void LogUnreadable(string keyId, string reason);
}
