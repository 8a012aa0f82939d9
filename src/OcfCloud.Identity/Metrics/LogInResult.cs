namespace OcfCloud.Identity.Metrics;

/// <summary>How a log-in ended.</summary>
internal enum LogInResult
{
    /// <summary>Name and password were right.</summary>
    Accepted,

    /// <summary>They were not, or the account is locked.</summary>
    Refused,
}
