namespace OcfCloud.Host.Files;

/// <summary>Where what is, under <c>OcfCloud:DataDirectory</c>.</summary>
internal sealed record DataFolder(string Path)
{
    public string Database => System.IO.Path.Combine(Path, "ocfcloud.db");

    public string HostFile => System.IO.Path.Combine(Path, "host.json");

    public string HostLock => System.IO.Path.Combine(Path, "host.lock");

    public string Pki => System.IO.Path.Combine(Path, "pki");

    public string PkiLock => System.IO.Path.Combine(Path, "pki.lock");

    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>Made at the first start in Development.</summary>
    public string Simulator => System.IO.Path.Combine(Path, "simulator");

    public string SimulatorToken => System.IO.Path.Combine(Simulator, "token");
}
