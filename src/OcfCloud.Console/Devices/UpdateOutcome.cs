using System.Globalization;
using OcfCloud.Core.Requests;

namespace OcfCloud.Console.Devices;

/// <summary>What came of a change, as the address of the page after it carries it and as the page says it.</summary>
internal static class UpdateOutcome
{
    /// <summary>The form was sent as it was.</summary>
    public const string Unchanged = "unchanged";

    private const string Done = "done";

    private const string Refused = "refused-";

    /// <summary>A word for an address.</summary>
    public static string Of(DeviceAnswer answer) => answer switch
    {
        { Outcome: DeviceOutcome.Answered, Code: >= 200 and < 300 } => Done,
        { Outcome: DeviceOutcome.Answered } => string.Create(CultureInfo.InvariantCulture, $"{Refused}{answer.Code}"),
        _ => answer.Outcome.ToString(),
    };

    /// <summary>Whether the device answered, so that it can be asked how it is now.</summary>
    public static bool WasAnswered(string outcome) => outcome == Done || outcome.StartsWith(Refused, StringComparison.Ordinal);

    /// <summary>Whether it is bad news.</summary>
    public static bool IsBad(string outcome) => outcome is not (Done or Unchanged);

    /// <summary>A sentence for the user; null for a word that is none of these.</summary>
    public static string? InWords(string outcome) => outcome switch
    {
        Done => "The device took the change.",
        Unchanged => "Nothing was changed: all is as it was.",
        nameof(DeviceOutcome.Offline) => "The device is offline, so it was not asked. Try again when it is back.",
        nameof(DeviceOutcome.NoAnswer) => "The device did not answer in time. It may have done what you asked: look again in a moment.",
        nameof(DeviceOutcome.Busy) => "Too much is asked of the device at this moment, so it was not asked this. Try again.",
        nameof(DeviceOutcome.Forbidden) => "Your access rules do not allow this.",
        nameof(DeviceOutcome.BadPath) => "This resource cannot be asked for by its path.",
        nameof(DeviceOutcome.TooLarge) => "This is more than the device takes.",
        nameof(DeviceOutcome.Unreadable) => "The device answered something that makes no sense. It may have done what you asked.",
        _ when outcome.StartsWith(Refused, StringComparison.Ordinal)
            && int.TryParse(outcome.AsSpan(Refused.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 0 and < 800 =>
            string.Create(CultureInfo.InvariantCulture, $"The device refused it: {MeaningOf(code)} ({code / 100}.{code % 100:00})."),
        _ => null,
    };

    // RFC 7252, 5.9.2 and 5.9.3, as a user may understand them.
    private static string MeaningOf(int code) => code switch
    {
        400 or 402 or 422 => "it does not understand these values",
        401 or 403 => "it does not let this cloud change it",
        404 => "it has no such resource any more",
        405 => "this cannot be changed",
        409 or 412 => "this does not go with the state that it is in",
        413 => "this is more than it takes",
        406 or 415 => "it does not speak the format of this cloud",
        429 => "it is asked too often; try again later",
        501 => "it cannot do this",
        503 => "it is not ready; try again later",
        >= 400 and < 500 => "it does not take this request",
        >= 500 and < 600 => "something went wrong in it",
        _ => "its answer is not one to a change",
    };
}
