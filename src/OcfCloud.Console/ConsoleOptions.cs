namespace OcfCloud.Console;

/// <summary>How the console behaves.</summary>
public sealed class ConsoleOptions
{
    /// <summary>How long a log-in lasts without a visit. Default 12 hours.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a log-in lasts at most, however often its browser comes. Default seven days.</summary>
    public TimeSpan MaxSessionAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether anybody may make an account. Default no.</summary>
    public bool AllowRegistration { get; set; }

    /// <summary>Passwords that one address may try in a minute, whosoever's. Default 60.</summary>
    public int MaxLogInsPerMinute { get; set; } = 60;

    /// <summary>Whether browsers are told to use https alone for this name (RFC 6797); not on a developer's localhost.</summary>
    public bool SendStrictTransportSecurity { get; set; }
}
