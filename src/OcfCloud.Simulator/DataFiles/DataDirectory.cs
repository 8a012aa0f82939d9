namespace OcfCloud.Simulator.DataFiles;

/// <summary>The files of a cloud's data directory that the simulator reads, and those below <c>simulator/</c> that it keeps.</summary>
internal sealed class DataDirectory(string path)
{
    /// <summary>The directory itself.</summary>
    public string Root { get; } = Path.GetFullPath(path);

    /// <summary>What the running host wrote about itself.</summary>
    public string HostFile => Path.Combine(Root, "host.json");

    /// <summary>The demo user's bearer token, kept fresh by the host.</summary>
    public string UserToken => Path.Combine(Simulator, "token");

    /// <summary>The anchor of the cloud's own certificate.</summary>
    public string CloudAnchor => Path.Combine(Root, "pki", "cloud-ca.pem");

    /// <summary>The key of <see cref="CloudAnchor"/>.</summary>
    public string CloudAnchorKey => Path.Combine(Root, "pki", "cloud-ca.key");

    /// <summary>The certificate that issues device certificates.</summary>
    public string DeviceAuthority => Path.Combine(Root, "pki", "device-ca.pem");

    /// <summary>Its key.</summary>
    public string DeviceAuthorityKey => Path.Combine(Root, "pki", "device-ca.key");

    /// <summary>The simulator's own folder.</summary>
    public string Simulator => Path.Combine(Root, "simulator");

    /// <summary>A file of the simulator's own folder.</summary>
    public string SimulatorFile(string name) => Path.Combine(Simulator, name);

    /// <summary>Makes the simulator's folder, open to its owner alone.</summary>
    public void EnsureSimulatorFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Simulator);
        else
            Directory.CreateDirectory(Simulator, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
