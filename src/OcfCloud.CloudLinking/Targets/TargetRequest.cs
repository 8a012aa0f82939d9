namespace OcfCloud.CloudLinking.Targets;

/// <summary>A request to a Target Cloud for a linked account. <c>Authorization</c> and, where none is given, <c>Correlation-ID</c> are added when it is sent.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">Path and query below the cloud's base URL, percent-encoded: <c>/api/v1/devices?content=base</c>.</param>
internal sealed record TargetRequest(HttpMethod Method, string Path)
{
    /// <summary><c>Correlation-ID</c>; null: one is made.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What is taken: the value of <c>Accept</c>; null (DELETE): not sent.</summary>
    public string? Accept { get; init; }

    /// <summary>The body's media type; null: no body.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Bytes that the answer's body may have.</summary>
    public int MaxAnswer { get; init; } = 1024 * 1024;

    /// <summary>What its answer speaks of. Never guessed from the path: a client of ours chose a part of that.</summary>
    public TargetSubject Subject { get; init; }

    /// <summary>Whether somebody waits for it (a client's request), or it is background work: neither takes the other's places.</summary>
    public bool IsBackground { get; init; }
}
