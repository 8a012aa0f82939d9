using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>The id of this node, kept in <c>node.id</c> of the data directory: by it a restarted node finds its former life's sessions.</summary>
public sealed class NodeIdentity
{
    private readonly Lazy<Guid> _id;

    internal NodeIdentity(StoreOptions options) => _id = new(() => ReadOrMake(Path.Combine(options.DataDirectory, "node.id")));

    /// <summary>The id.</summary>
    public Guid Id => _id.Value;

    private static Guid ReadOrMake(string path)
    {
        if (File.Exists(path) && Guid.TryParse(File.ReadAllText(path).Trim(), out var kept)) return kept;
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var made = Guid.NewGuid();
        // Whole or not at all: a kill in between leaves no half id.
        var draft = path + ".new";
        File.WriteAllText(draft, made.ToString("D"));
        File.Move(draft, path, overwrite: true);
        return made;
    }
}
