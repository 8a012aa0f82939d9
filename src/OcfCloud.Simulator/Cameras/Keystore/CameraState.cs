namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>All that a camera keeps over a restart.</summary>
internal sealed record CameraState
{
    /// <summary>Who it is.</summary>
    public required CameraIdentity Identity { get; init; }

    /// <summary>Its id in the cloud that enrolled it; null: none did yet.</summary>
    public string? EnrolledAs { get; init; }

    /// <summary>The certification path validation policy of that cloud.</summary>
    public string? EnrolledWith { get; init; }

    /// <summary>The key that a request of certification was written out for, before its enrolment.</summary>
    public string? EnrolmentKey { get; init; }

    /// <summary>How many ids were given so far; none is given twice.</summary>
    public int LastId { get; init; }

    /// <summary>Keys.</summary>
    public IReadOnlyList<StoredKey> Keys { get; init; } = [];

    /// <summary>Certificates.</summary>
    public IReadOnlyList<StoredCertificate> Certificates { get; init; } = [];

    /// <summary>Certification path validation policies.</summary>
    public IReadOnlyList<StoredPolicy> Policies { get; init; } = [];

    /// <summary>Authorization server configurations.</summary>
    public IReadOnlyList<StoredAuthorizationServer> AuthorizationServers { get; init; } = [];

    /// <summary>Uplinks.</summary>
    public IReadOnlyList<StoredUplink> Uplinks { get; init; } = [];

    /// <summary>Takes the next id.</summary>
    /// <param name="kind"><c>key</c>, <c>cert</c> …</param>
    /// <param name="id">Such as <c>key_8</c>.</param>
    /// <returns>The state in which it is given.</returns>
    public CameraState Next(string kind, out string id)
    {
        id = $"{kind}_{LastId + 1}";
        return this with { LastId = LastId + 1 };
    }

    /// <summary>A key.</summary>
    public StoredKey? Key(string? id) => Keys.FirstOrDefault(key => key.Id == id);

    /// <summary>A certificate.</summary>
    public StoredCertificate? Certificate(string? id) => Certificates.FirstOrDefault(certificate => certificate.Id == id);

    /// <summary>A policy.</summary>
    public StoredPolicy? Policy(string? id) => Policies.FirstOrDefault(policy => policy.Id == id);

    /// <summary>An authorization server configuration.</summary>
    public StoredAuthorizationServer? AuthorizationServer(string? id) => AuthorizationServers.FirstOrDefault(server => server.Id == id);

    /// <summary>An uplink.</summary>
    public StoredUplink? Uplink(string? address) => Uplinks.FirstOrDefault(uplink => uplink.RemoteAddress == address);

    /// <summary>The certificates that a policy believes.</summary>
    public IEnumerable<byte[]> AnchorsOf(StoredPolicy policy) => policy.TrustAnchors.Select(id => Certificate(id)!.Content);
}
