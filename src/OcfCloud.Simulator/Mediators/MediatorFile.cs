using OcfCloud.Simulator.DataFiles;

namespace OcfCloud.Simulator.Mediators;

/// <summary>The mediator of a data directory, and so the owner of the devices that live from it.</summary>
internal sealed class MediatorFile(DataDirectory data)
{
    /// <summary>Name of the mediator's files.</summary>
    public const string Name = "mediator";

    private readonly StateFile<MediatorRecord> _file = new(data.SimulatorFile(Name + ".json"));

    /// <summary>The mediator; made where there is none. Several processes that do so at once agree on one.</summary>
    public MediatorRecord Get()
    {
        if (_file.Read() is { } record)
            return record;
        data.EnsureSimulatorFolder();
        return _file.WriteIfAbsent(new MediatorRecord { Id = Guid.NewGuid() });
    }

    /// <summary>Whether a certificate's UUID is the mediator's.</summary>
    public bool IsOwner(Guid id) => _file.Read()?.Id == id;

    /// <summary>Keeps a new record.</summary>
    public void Keep(MediatorRecord record)
    {
        data.EnsureSimulatorFolder();
        _file.Write(record);
    }

    /// <summary>Keeps the mediator, but not its registration, which is its former user's.</summary>
    public void LeaveUser()
    {
        if (_file.Read() is { AccessToken: not null } record)
            _file.Write(new MediatorRecord { Id = record.Id });
    }
}
