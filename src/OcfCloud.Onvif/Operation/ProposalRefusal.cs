namespace OcfCloud.Onvif.Operation;

/// <summary>Why a share token is not taken.</summary>
public enum ProposalRefusal
{
    /// <summary>It is.</summary>
    None,

    /// <summary>It is no share token: no JWT, or without a claim that ONVIF asks for.</summary>
    Token,

    /// <summary>It leads to an address that is not allowed.</summary>
    Address,

    /// <summary>The user has as many incoming shares, or cameras, as one may have.</summary>
    TooMany,

    /// <summary>This cloud takes no uplinks.</summary>
    NoUplink,

    /// <summary>The user is gone.</summary>
    UnknownUser,
}
