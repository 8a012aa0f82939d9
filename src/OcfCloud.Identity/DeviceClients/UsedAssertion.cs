namespace OcfCloud.Identity.DeviceClients;

/// <summary>A client assertion that was accepted: it is good once (RFC 7523, 3).</summary>
internal sealed class UsedAssertion
{
    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>SHA-256 of its <c>jti</c>.</summary>
    public required byte[] Jti { get; init; }

    /// <summary>After this the assertion would not be taken any more, whoever brought it.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
