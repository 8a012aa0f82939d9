namespace OcfCloud.Core.Devices;

/// <summary>What stands for a user in this room: the row that writers of events without a device lock first. An erased one stays, so that nothing is made for the user again.</summary>
internal sealed class UserRow
{
    public UserId Id { get; init; }

    public bool Erased { get; set; }
}
