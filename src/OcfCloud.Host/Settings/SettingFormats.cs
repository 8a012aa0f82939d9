using System.Globalization;
using System.Net;

namespace OcfCloud.Host.Settings;

/// <summary>The kinds of values that settings have: each a function from text to a value or a refusal.</summary>
internal static class SettingFormats
{
    private static readonly string[] DurationForms = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss\.FFFFFFF"];

    private static readonly Refusal NoDuration = new("is no duration (hh:mm:ss or d.hh:mm:ss)");

    // Timers of .NET take no more.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(49);

    // More would leave the calendar of what signs tokens.
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(3650);

    /// <summary>A duration of at most <paramref name="most"/>, which may be zero.</summary>
    public static Func<string, Parsed<TimeSpan>> DurationOrZeroUpTo(TimeSpan most) => text =>
        !TimeSpan.TryParseExact(text, DurationForms, CultureInfo.InvariantCulture, TimeSpanStyles.None, out var value) ? NoDuration
        : value > most ? new Refusal($"is no duration up to {most:c}")
        : value;

    /// <summary>A duration of more than nothing and at most <paramref name="most"/>.</summary>
    public static Func<string, Parsed<TimeSpan>> DurationUpTo(TimeSpan most) => text =>
        DurationOrZeroUpTo(most)(text) is var parsed && parsed.Refusal is null && parsed.Value == TimeSpan.Zero ? new Refusal("is no duration above zero") : parsed;

    /// <summary>A duration within bounds.</summary>
    public static Func<string, Parsed<TimeSpan>> DurationFrom(TimeSpan least, TimeSpan most) => text =>
        DurationOrZeroUpTo(most)(text) is var parsed && parsed.Refusal is null && parsed.Value < least ? new Refusal($"is no duration from {least:c} to {most:c}") : parsed;

    /// <summary>A wait or a period.</summary>
    public static Func<string, Parsed<TimeSpan>> Duration { get; } = DurationUpTo(LongestWait);

    public static Func<string, Parsed<TimeSpan>> DurationOrZero { get; } = DurationOrZeroUpTo(LongestWait);

    /// <summary>A lifetime of tokens and keys.</summary>
    public static Func<string, Parsed<TimeSpan>> Lifetime { get; } = DurationUpTo(LongestLifetime);

    public static Func<string, Parsed<TimeSpan>> LifetimeOrZero { get; } = DurationOrZeroUpTo(LongestLifetime);

    /// <summary>A whole number of <paramref name="unit"/> within bounds.</summary>
    public static Func<string, Parsed<int>> Number(string unit, int least, int most) => text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : new Refusal($"is no number of {unit} from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The same where none is a choice of its own.</summary>
    public static Func<string, Parsed<int?>> OptionalNumber(string unit, int least, int most) => text =>
        Number(unit, least, most)(text) is { Refusal: null } parsed ? parsed.Value : new Refusal(Number(unit, least, most)(text).Refusal!);

    public static Parsed<bool> Flag(string text) => bool.TryParse(text, out var value) ? value : new Refusal("is neither true nor false");

    public static Parsed<T> Choice<T>(string text) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : new Refusal($"is none of {string.Join(", ", Enum.GetNames<T>())}");

    // Guid.TryParse alone takes more forms than the 8-4-4-4-12 of a UUID.
    public static Parsed<Guid?> Uuid(string text) => Guid.TryParseExact(text, "D", out var value) ? value : new Refusal("is no UUID");

    /// <summary>A name as it goes into tokens and payloads.</summary>
    public static Parsed<string> Name(string text) => text.Length is > 0 and <= 64 && text.All(character => character is > ' ' and < (char)127)
        ? text
        : new Refusal("is no name (1 to 64 visible ASCII characters)");

    public static Parsed<string?> OptionalName(string text) => text.Length is > 0 and <= 512 && !text.Any(char.IsControl)
        ? text
        : new Refusal("is no name (1 to 512 characters)");

    /// <summary>An origin: scheme, host and port, nothing behind.</summary>
    public static Parsed<Uri?> HttpsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0 && uri.UserInfo.Length == 0
            && uri.PathAndQuery == "/" && uri.Fragment.Length == 0
            ? new Uri(uri.GetLeftPart(UriPartial.Authority))
            : new Refusal("is no https://host:port");

    /// <summary>An issuer: compared with tokens as it is written. Plain HTTP only on this machine.</summary>
    public static Parsed<string?> Issuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? text
            : new Refusal("is no issuer URL (https://host/path)");

    public static Parsed<string?> CoapsUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "coaps+tcp" && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Port > 0
            && uri.AbsolutePath is "" or "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? text.TrimEnd('/')
            : new Refusal("is no coaps+tcp://host:port");

    /// <summary>A network as CIDR writes it; bits behind the length count as zero.</summary>
    public static Parsed<IPNetwork> Network(string text) => IPNetwork.TryParse(text, out var network) ? network : new Refusal("is no network (address/length)");

    public static Parsed<string?> File(string text) => System.IO.File.Exists(text) ? Path.GetFullPath(text) : new Refusal("is no file that is there");

    public static Parsed<string> FileOrFolder(string text) => System.IO.File.Exists(text) || Directory.Exists(text)
        ? Path.GetFullPath(text)
        : new Refusal("is no file or folder that is there");

    /// <summary>The folder that this process makes if it is not there.</summary>
    public static Parsed<string> OwnFolder(string text) => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) && !System.IO.File.Exists(text)
        ? Path.GetFullPath(text)
        : new Refusal("is no folder");

    public static Parsed<string?> Text(string text) => text.Length > 0 ? text : new Refusal("is empty");
}
