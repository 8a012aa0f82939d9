using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>A share token that this cloud issued: what its owner decided. What the token itself says is informative; this row counts.</summary>
public sealed class ShareToken
{
    /// <summary>Characters of a recipient's host.</summary>
    public const int MaxRecipientLength = 255;

    /// <summary>The longest life of one.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>Its key, and the token's <c>jti</c>.</summary>
    public Guid Id { get; init; }

    /// <summary>The camera that it shares.</summary>
    public Guid CameraId { get; init; }

    /// <summary>Who issued it: the camera's owner.</summary>
    public UserId UserId { get; init; }

    /// <summary>Share or transfer.</summary>
    public ShareMode Mode { get; init; }

    /// <summary>The most that the other cloud may get.</summary>
    public UserLevel UserLevel { get; init; }

    /// <summary>The only host (and its subdomains) that may be named; null: any.</summary>
    public string? Recipient { get; init; }

    /// <summary>SHA-256 of the compact JWS.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>What became of it; a run-out one is still open here.</summary>
    public ShareTokenState State { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Good until.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>SHA-256 of the canonical configuration that it was used with: the same again is answered as the first time.</summary>
    public byte[]? ConfigurationHash { get; set; }
}
