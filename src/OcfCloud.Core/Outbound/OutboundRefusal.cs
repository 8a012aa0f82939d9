namespace OcfCloud.Core.Outbound;

/// <summary>Why an address that a stranger chose is not called.</summary>
public enum OutboundRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Not an absolute https URL.</summary>
    NotHttps,

    /// <summary>The URL holds user information (<c>user:password@</c>), which would be kept and logged like the rest of it.</summary>
    UserInformation,

    /// <summary>The URL holds a fragment, which is never sent (RFC 9110, 4.2.5).</summary>
    Fragment,

    /// <summary>The address, or every address that the name resolves to, is not public and not allowed by <see cref="OutboundOptions.AllowedNetworks"/>.</summary>
    ForbiddenAddress,
}
