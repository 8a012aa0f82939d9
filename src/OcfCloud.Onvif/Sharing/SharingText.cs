namespace OcfCloud.Onvif.Sharing;

/// <summary>The words for modes and levels as the API, the commands and share tokens write them.</summary>
public static class SharingText
{
    /// <summary><c>share</c> or <c>transfer</c>.</summary>
    public static string Of(ShareMode mode) => mode == ShareMode.Transfer ? "transfer" : "share";

    /// <summary><c>Administrator</c>, <c>Operator</c> or <c>User</c>.</summary>
    public static string Of(UserLevel level) => level.ToString();

    /// <summary>The mode of such a word; null for any other.</summary>
    public static ShareMode? ModeOf(string? word) => word switch
    {
        "share" => ShareMode.Share,
        "transfer" => ShareMode.Transfer,
        _ => null,
    };

    /// <summary>The level of such a word, its case included; null for any other.</summary>
    public static UserLevel? LevelOf(string? word) => word switch
    {
        "Administrator" => UserLevel.Administrator,
        "Operator" => UserLevel.Operator,
        "User" => UserLevel.User,
        _ => null,
    };
}
