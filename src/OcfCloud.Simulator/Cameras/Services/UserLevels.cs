namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>The user levels of uplinks: one, or since 25.12 a list.</summary>
internal static class UserLevels
{
    /// <summary>The level that may do everything.</summary>
    public const string Administrator = "Administrator";

    private static readonly string[] Known = [Administrator, "Operator", "User"];

    /// <summary>Whether each word is a level.</summary>
    public static bool AreKnown(string levels) => Words(levels) is { Length: > 0 } words && words.All(Known.Contains);

    /// <summary>Whether one of the levels allows a class.</summary>
    public static bool Allow(string levels, AccessClass access) => access switch
    {
        AccessClass.PreAuthentication => true,
        AccessClass.ReadSystem => Words(levels).Any(Known.Contains),
        _ => Words(levels).Contains(Administrator),
    };

    private static string[] Words(string levels) => levels.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
