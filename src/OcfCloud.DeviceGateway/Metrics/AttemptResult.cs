namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>How a sign-up, sign-in or token refresh ended.</summary>
internal enum AttemptResult
{
    /// <summary>2.04.</summary>
    Accepted,

    /// <summary>4.01: a token is wrong, or it is another device's turn.</summary>
    Unauthorized,

    /// <summary>4.03: the device belongs to another user.</summary>
    Forbidden,

    /// <summary>Any other 4.xx: the request is not what it has to be.</summary>
    BadRequest,

    /// <summary>5.03: not looked at, after too many with wrong tokens.</summary>
    Postponed,

    /// <summary>5.03: the store did not answer.</summary>
    StoreUnavailable,

    /// <summary>5.00: a fault of the cloud.</summary>
    Failed,
}
