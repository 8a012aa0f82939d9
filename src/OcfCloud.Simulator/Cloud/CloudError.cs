namespace OcfCloud.Simulator.Cloud;

/// <summary>The values of <c>clec</c> (OCF Cloud Specification 2.0.3, 6.1.3).</summary>
internal enum CloudError
{
    /// <summary>At the start and after success.</summary>
    None = 0,

    /// <summary>The cloud answered with an error.</summary>
    ErrorAnswer = 1,

    /// <summary>No connection, no answer, not the cloud that was named, or the connection was lost.</summary>
    NoConnection = 2,

    /// <summary>The cloud refused to refresh the access token.</summary>
    RefreshRefused = 3,

    /// <summary>Anything else.</summary>
    Unknown = 255,
}
