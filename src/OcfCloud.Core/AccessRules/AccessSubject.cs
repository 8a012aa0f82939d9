using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>Who asks: a client device or an app.</summary>
public readonly record struct AccessSubject
{
    private AccessSubject(DeviceId device, string? client)
    {
        Device = device;
        Client = client;
    }

    /// <summary>The client device, where <see cref="Client"/> is null.</summary>
    public DeviceId Device { get; }

    /// <summary>The app's client id.</summary>
    public string? Client { get; }

    /// <summary>A client device.</summary>
    public static AccessSubject OfDevice(DeviceId device) => new(device, null);

    /// <summary>An app.</summary>
    public static AccessSubject OfClient(string clientId) => new(default, clientId);

    /// <inheritdoc/>
    public override string ToString() => Client ?? Device.ToString();
}
