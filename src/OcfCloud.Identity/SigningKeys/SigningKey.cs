namespace OcfCloud.Identity.SigningKeys;

/// <summary>A key that signs access tokens, as the store has it.</summary>
internal sealed class SigningKey
{
    /// <summary>What tokens name it by (<c>kid</c>).</summary>
    public required string Id { get; init; }

    /// <summary>When it was made; it signs for <c>SigningKeyLifetime</c> after that and verifies for twice as long.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>PKCS#8, encrypted by Data Protection.</summary>
    public required byte[] ProtectedKey { get; init; }
}
