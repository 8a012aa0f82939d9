using OcfCloud.Simulator.DataFiles;

namespace OcfCloud.Simulator.LogIn;

/// <summary>The log-in of a data directory.</summary>
internal sealed class LogInFile(DataDirectory data)
{
    private readonly StateFile<LogInRecord> _file = new(data.SimulatorFile("login.json"));

    /// <summary>The log-in at a cloud's door; null where there is none, or one at another door.</summary>
    public LogInRecord? Find(Uri url) => _file.Read() is { } record && record.Url == url.ToString() ? record : null;

    /// <summary>Keeps another one.</summary>
    public void Keep(LogInRecord record)
    {
        data.EnsureSimulatorFolder();
        _file.Write(record);
    }

    /// <summary>Keeps none.</summary>
    public void Forget()
    {
        if (File.Exists(_file.Path))
            File.Delete(_file.Path);
    }
}
