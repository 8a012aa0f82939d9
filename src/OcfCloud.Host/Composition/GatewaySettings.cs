using OcfCloud.DeviceGateway;
using OcfCloud.DeviceGateway.Tls;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The device door's options from the operator's settings.</summary>
internal static class GatewaySettings
{
    public static void Apply(DeviceGatewayOptions options, SettingsSource source)
    {
        options.AuthProvider = source.Read(CloudSettings.AuthProvider);
        options.PublicCoaps = source.Read(CloudSettings.PublicCoaps);
        options.RedirectUri = source.Read(CloudSettings.RedirectUri);
        options.RequestTimeout = source.Read(CloudSettings.RequestTimeout);
        options.ExchangeTimeout = source.Read(CloudSettings.ExchangeTimeout);
        options.IdlePing = source.Read(CloudSettings.IdlePing);
        options.SignInTimeout = source.Read(CloudSettings.SignInTimeout);
        options.MessageTimeout = source.Read(CloudSettings.MessageTimeout);
        options.WriteTimeout = source.Read(CloudSettings.WriteTimeout);
        options.MaxMessageSize = source.Read(CloudSettings.MaxMessageSize);
        options.MaxMessageSizeBeforeSignIn = source.Read(CloudSettings.MaxMessageSizeBeforeSignIn);
        options.MaxOptions = source.Read(CloudSettings.MaxOptions);
        options.MaxOptionBytes = source.Read(CloudSettings.MaxOptionBytes);
        options.MaxRequestsInFlight = source.Read(CloudSettings.MaxRequestsInFlight);
        options.MaxRequestsPerClientOnDevice = source.Read(CloudSettings.MaxRequestsPerClientOnDevice);
        options.MaxRequestsPerClient = source.Read(CloudSettings.MaxRequestsPerClient);
        options.MaxRequestsQueued = source.Read(CloudSettings.MaxRequestsQueued);
        options.MaxQueuedBytes = source.Read(CloudSettings.MaxQueuedBytes);
        options.MaxObservations = source.Read(CloudSettings.MaxObservations);
        options.MaxObservationsPerDevice = source.Read(CloudSettings.MaxObservationsPerDevice);
        options.MaxOutgoingBytes = source.Read(CloudSettings.MaxOutgoingBytes);
        options.MaxConnections = source.Read(CloudSettings.MaxConnections);
        options.MaxConnectionsPerAddress = source.Read(CloudSettings.MaxConnectionsPerAddress);
        options.MaxHandshakesPerAddress = source.Read(CloudSettings.MaxHandshakesPerAddress);
        options.HandshakesPerSecond = source.Read(CloudSettings.HandshakesPerSecond);
        options.MaxFailedAttempts = source.Read(CloudSettings.MaxFailedAttempts);
        options.MaxFailedAttemptsPerAddress = source.Read(CloudSettings.MaxFailedAttemptsPerAddress);
        options.FailedAttemptDelay = source.Read(CloudSettings.FailedAttemptDelay);
        options.MaxFailedAttemptDelay = source.Read(CloudSettings.MaxFailedAttemptDelay);
        options.BlockwiseTimeout = source.Read(CloudSettings.BlockwiseTimeout);
        options.TwinSpread = source.Read(CloudSettings.TwinSpread);
        options.DrainTimeout = source.Read(CloudSettings.DrainTimeout);
    }

    public static void Apply(DeviceTlsOptions options, SettingsSource source, CloudCertificates certificates)
    {
        options.CertificatePath = certificates.Coaps.Path;
        options.KeyPath = certificates.Coaps.KeyPath;
        options.TrustAnchors = certificates.DeviceAnchors;
        options.RevocationLists = source.Read(CloudSettings.RevocationLists);
        options.AllowWithoutCertificate = source.Read(CloudSettings.AllowWithoutCertificate);
        options.ReloadInterval = source.Read(CloudSettings.ReloadInterval);
        options.HandshakeTimeout = source.Read(CloudSettings.HandshakeTimeout);
        options.MaxConcurrentHandshakes = source.Read(CloudSettings.MaxConcurrentHandshakes) ?? options.MaxConcurrentHandshakes;
    }

    /// <summary>Names the setting of a file of the door that is of no use.</summary>
    public static SettingException Refusal(DeviceTlsException reason)
    {
        var (option, number) = reason.Option.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
            ? (reason.Option[..colon], reason.Option[colon..])
            : (reason.Option, "");
        var setting = option switch
        {
            nameof(DeviceTlsOptions.CertificatePath) => CloudSettings.CoapsPath.Key,
            nameof(DeviceTlsOptions.KeyPath) => CloudSettings.CoapsKeyPath.Key,
            nameof(DeviceTlsOptions.RevocationLists) => CloudSettings.RevocationLists.Key,
            _ => CloudSettings.DeviceTrustAnchors.Key,
        };
        return new SettingException(setting + number, reason.Message);
    }
}
