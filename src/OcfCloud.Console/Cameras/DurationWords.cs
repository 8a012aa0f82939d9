using System.Globalization;
using System.Xml;

namespace OcfCloud.Console.Cameras;

/// <summary>Times that cameras and settings name, for people.</summary>
internal static class DurationWords
{
    /// <summary>An <c>xs:duration</c>; as it is where it is too long for a time.</summary>
    public static string Of(string duration)
    {
        try
        {
            return Of(XmlConvert.ToTimeSpan(duration));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return duration;
        }
    }

    /// <summary>Days, hours, minutes and seconds, as far as there are some.</summary>
    public static string Of(TimeSpan time)
    {
        var parts = new[] { (time.Days, "d"), (time.Hours, "h"), (time.Minutes, "min"), (time.Seconds, "s") }
            .Where(part => part.Item1 > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1} {part.Item2}")).ToList();
        return parts.Count > 0 ? string.Join(' ', parts) : "less than a second";
    }
}
