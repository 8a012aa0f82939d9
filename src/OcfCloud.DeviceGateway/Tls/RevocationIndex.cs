using OcfCloud.Core.Certificates;
namespace OcfCloud.DeviceGateway.Tls;

/// <summary>One state of the revocation lists, by issuer. Of several lists of one issuer and scope the newest counts; lists of different scopes add up.</summary>
internal sealed class RevocationIndex
{
    private readonly Dictionary<IssuerKey, List<IReadOnlySet<string>>> _revoked = [];

    public RevocationIndex(IEnumerable<RevocationList> lists)
    {
        Lists = [.. lists.GroupBy(list => (list.Issuer, list.Scope)).Select(same => same.MaxBy(list => list.ThisUpdate)!)];
        foreach (var list in Lists)
        {
            if (!_revoked.TryGetValue(list.Issuer, out var sets)) _revoked.Add(list.Issuer, sets = []);
            sets.Add(list.Serials);
        }
    }

    /// <summary>The lists that count.</summary>
    public IReadOnlyList<RevocationList> Lists { get; }

    /// <summary>Whether a certificate of the path was revoked, the leaf's or an intermediate.</summary>
    public bool Revokes(CertificatePath path)
    {
        for (var i = 0; i < path.Certificates.Count; i++)
        {
            if (Revokes(path.Certificates[i])) return true;
        }
        return false;
    }

    /// <summary>Whether both say the same.</summary>
    public bool HasListsOf(RevocationIndex other) =>
        Lists.Select(list => list.Digest).ToHashSet().SetEquals(other.Lists.Select(list => list.Digest));

    private bool Revokes(IssuedCertificate certificate)
    {
        if (!_revoked.TryGetValue(certificate.Issuer, out var sets)) return false;
        foreach (var serials in sets)
        {
            if (serials.Contains(certificate.Serial)) return true;
        }
        return false;
    }
}
