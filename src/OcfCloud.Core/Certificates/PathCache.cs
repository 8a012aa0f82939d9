namespace OcfCloud.Core.Certificates;

/// <summary>
/// The paths found for certificates of peers. Resumed sessions and reconnects run the validation again, and building a path is the dear part of a handshake.
/// Only good paths are kept: strangers, whose number nobody bounds, cannot push out those who belong. Two generations of half the capacity each: one that is asked
/// for stays, the others go when a generation is full.
/// </summary>
internal sealed class PathCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly int _generationSize = Math.Max(1, capacity / 2);
    private Dictionary<Sha256Digest, CertificatePath> _young = [];
    private Dictionary<Sha256Digest, CertificatePath> _old = [];

    public CertificatePath? Find(Sha256Digest certificate)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(certificate, out var path)) return path;
            if (!_old.Remove(certificate, out path)) return null;
            Keep(certificate, path);
            return path;
        }
    }

    public void Add(Sha256Digest certificate, CertificatePath path)
    {
        lock (_gate)
        {
            Keep(certificate, path);
        }
    }

    private void Keep(Sha256Digest certificate, CertificatePath path)
    {
        if (_young.Count >= _generationSize && !_young.ContainsKey(certificate))
            (_old, _young) = (_young, []);
        _young[certificate] = path;
    }
}
