using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Mediators;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Commands;

/// <summary>How a device gets its own one-time token where nobody provisions it: with the user's token of the data directory.</summary>
internal static class SelfProvisioning
{
    /// <summary>Gets a token and names the cloud, unless the device is registered there already.</summary>
    /// <exception cref="MediatorApiException">The cloud refused, or was not reached.</exception>
    /// <exception cref="CommandFailedException">Nobody says where the cloud is, or who the user is.</exception>
    public static async Task EnsureAsync(SimulatedDevice device, Surroundings surroundings, Action<string> tell, CancellationToken cancellationToken)
    {
        var configuration = device.Configuration;
        var record = configuration.Current;
        if (record.Cps == ProvisioningStatus.Registered)
        {
            if (!OcfUuid.TryParse(surroundings.CloudId, out var here) || here == record.Sid)
            {
                Follow(configuration, surroundings.CloudAddress);
                return;
            }

            // The data directory is that of another cloud by now; the old one is not there to say farewell to.
            tell($"the cloud {record.Sid:D} has gone; {here:D} is here now");
            configuration.Leave();
            configuration.TakeLeft();
        }

        using var api = surroundings.MediatorApi();
        var token = await api.GetDeviceTokenAsync(await surroundings.UserTokenAsync(cancellationToken), device.DeviceId, cancellationToken);
        if (!OcfUuid.TryParse(token.Sid, out var sid))
            throw new MediatorApiException($"the cloud's sid is no UUID: {token.Sid}");
        if (configuration.Provision(surroundings.NamedCloud?.ToString() ?? token.Cis, sid, token.At, token.Apn) is { } refusal)
            throw new CommandFailedException($"{device.Name}: {refusal}.");
    }

    // The cloud of this machine may have come back at another port.
    private static void Follow(CloudConfiguration configuration, CoapsAddress? now)
    {
        if (now is null || (CoapsAddress.TryParse(configuration.Current.ProvisionedCis, out var before) && before.IsSame(now)))
            return;
        configuration.Move(now.ToString());
    }
}
