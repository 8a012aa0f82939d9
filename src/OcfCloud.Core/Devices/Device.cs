namespace OcfCloud.Core.Devices;

/// <summary>A registered device. Its row is what writers of its events lock first.</summary>
internal sealed class Device
{
    public DeviceId Id { get; init; }

    public UserId UserId { get; init; }

    /// <summary>The <c>n</c> of <c>/oic/d</c>, where the twin knows it.</summary>
    public string? Name { get; set; }

    public DateTimeOffset RegisteredAt { get; init; }

    public DateTimeOffset? LastSeenAt { get; set; }

    public bool Online { get; set; }

    /// <summary>Which node holds the session, while online.</summary>
    public Guid? NodeId { get; set; }

    /// <summary>The greatest session number known; whatever comes from a smaller one is too late.</summary>
    public long Session { get; set; }

    public bool TwinEnabled { get; set; } = true;

    /// <summary>The last <c>ins</c> given to a link.</summary>
    public int LastIns { get; set; }
}
