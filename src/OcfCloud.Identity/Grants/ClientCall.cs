namespace OcfCloud.Identity.Grants;

/// <summary>When a client last called for a user, as the store has it.</summary>
internal sealed class ClientCall
{
    public required Guid UserId { get; init; }

    public required string ClientId { get; init; }

    public DateTimeOffset At { get; set; }
}
