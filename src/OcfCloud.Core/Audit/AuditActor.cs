using System.Net;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>Who did what an audit entry tells, as it is stored: a kind, and after a colon which one.</summary>
/// <param name="Text">The stored form.</param>
public readonly record struct AuditActor(string Text)
{
    /// <summary>What the texts of users begin with; the user's id follows.</summary>
    public const string UserPrefix = "user:";

    /// <summary>An administrator at the command line.</summary>
    public static AuditActor Command { get; } = new("command");

    /// <summary>This cloud by itself.</summary>
    public static AuditActor Cloud { get; } = new("cloud");

    /// <summary>A user who is logged in.</summary>
    public static AuditActor OfUser(UserId user) => new($"{UserPrefix}{user}");

    /// <summary>A client with a token.</summary>
    public static AuditActor OfClient(string client) => new($"client:{client}");

    /// <summary>A device.</summary>
    public static AuditActor OfDevice(DeviceId device) => new($"device:{device}");

    /// <summary>Somebody of whom nothing but the address is known.</summary>
    public static AuditActor OfAddress(IPAddress? address) =>
        new($"address:{(address is null ? "unknown" : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}");

    /// <inheritdoc/>
    public override string ToString() => Text;
}
