namespace OcfCloud.Simulator.DataFiles;

/// <summary>
/// The right of this process to be <c>kind-number</c>, so that two processes never live from one state file; it ends with the process, however that
/// ends.
/// </summary>
internal sealed class SimulatedNumber : IDisposable
{
    private const int Highest = 10_000;
    private readonly FileStream _lock;

    private SimulatedNumber(string name, string statePath, FileStream @lock)
    {
        Name = name;
        StatePath = statePath;
        _lock = @lock;
    }

    /// <summary><c>light-1</c>.</summary>
    public string Name { get; }

    /// <summary>Where its state is kept.</summary>
    public string StatePath { get; }

    /// <summary>Takes the lowest number that no other process holds.</summary>
    /// <exception cref="InvalidOperationException">All numbers are taken.</exception>
    public static SimulatedNumber Take(DataDirectory data, string kind)
    {
        data.EnsureSimulatorFolder();
        for (var number = 1; number <= Highest; number++)
        {
            var name = $"{kind}-{number}";
            try
            {
                var @lock = new FileStream(data.SimulatorFile(name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return new SimulatedNumber(name, data.SimulatorFile(name + ".json"), @lock);
            }
            catch (IOException) when (File.Exists(data.SimulatorFile(name + ".lock")))
            {
                // Held by another process, or by this one: try the next.
            }
        }

        throw new InvalidOperationException($"All {Highest} numbers of {kind} are in use.");
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
