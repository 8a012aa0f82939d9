using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>A user was sent to another cloud to allow the link and has not come back yet. One use.</summary>
internal sealed class LinkAttempt
{
    /// <summary>SHA-256 of <c>state</c>.</summary>
    public required byte[] StateHash { get; init; }

    public UserId UserId { get; init; }

    public Guid LinkedCloudId { get; init; }

    /// <summary>SHA-256 of the value of the cookie that the browser was given.</summary>
    public required byte[] BrowserHash { get; init; }

    /// <summary>PKCE's verifier, encrypted.</summary>
    public required byte[] Verifier { get; init; }

    /// <summary>The redirect URI that was sent, which the exchange of the code repeats.</summary>
    public required string RedirectUri { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
