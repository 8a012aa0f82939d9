using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tokens;

/// <summary>All tokens that descend from one registration: of a device, or of a mediator where <see cref="DeviceId"/> is null.</summary>
internal sealed class TokenFamily
{
    public Guid Id { get; init; }

    public UserId UserId { get; init; }

    public DeviceId? DeviceId { get; init; }

    /// <summary>Whether the device has signed in: from then on its one-time token is not answered again.</summary>
    public bool SignedIn { get; set; }

    public int LastGeneration { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
