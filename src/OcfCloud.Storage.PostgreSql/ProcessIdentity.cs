namespace OcfCloud.Storage.PostgreSql;

/// <summary>By what a process knows its own notifications, which it has heard in itself already.</summary>
internal sealed class ProcessIdentity
{
    public Guid Id { get; } = Guid.NewGuid();
}
