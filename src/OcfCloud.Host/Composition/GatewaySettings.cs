using OcfCloud.DeviceGateway;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The device gateway's options from the operator's settings.</summary>
internal static class GatewaySettings
{
    public static void Apply(DeviceGatewayOptions options, SettingsSource source)
    {
        options.AuthProvider = source.Read(CloudSettings.AuthProvider);
        options.PublicCoaps = source.Read(CloudSettings.PublicCoaps);
        options.RedirectUri = source.Read(CloudSettings.RedirectUri);
        options.RequestTimeout = source.Read(CloudSettings.RequestTimeout);
        options.IdlePing = source.Read(CloudSettings.IdlePing);
        options.MaxMessageSize = source.Read(CloudSettings.MaxMessageSize);
        options.MaxRequestsInFlight = source.Read(CloudSettings.MaxRequestsInFlight);
        options.MaxRequestsQueued = source.Read(CloudSettings.MaxRequestsQueued);
        options.MaxObservations = source.Read(CloudSettings.MaxObservations);
        options.MaxOutgoingBytes = source.Read(CloudSettings.MaxOutgoingBytes);
        options.MaxConnectionsPerAddress = source.Read(CloudSettings.MaxConnectionsPerAddress);
        options.BlockwiseTimeout = source.Read(CloudSettings.BlockwiseTimeout);
        options.TwinSpread = source.Read(CloudSettings.TwinSpread);
        options.DrainTimeout = source.Read(CloudSettings.DrainTimeout);
    }
}
