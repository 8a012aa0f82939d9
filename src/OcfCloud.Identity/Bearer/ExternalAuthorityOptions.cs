using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Identity.Bearer;

/// <summary>An authorization server of somebody else whose tokens are accepted beside ours.</summary>
public sealed class ExternalAuthorityOptions
{
    /// <summary>Its issuer URL, as its tokens write it; null = there is none.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that its tokens must have.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim whose value is the user's name here.</summary>
    public string UserClaim { get; set; } = "sub";

    /// <summary>Certificates that may stand behind its TLS beside the system's.</summary>
    public X509Certificate2Collection TrustAnchors { get; } = [];

    /// <summary>How long fetching its metadata and keys may take. Default 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
