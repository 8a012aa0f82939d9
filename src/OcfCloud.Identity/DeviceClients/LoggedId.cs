namespace OcfCloud.Identity.DeviceClients;

/// <summary>A client id that a stranger wrote, as logs show it: cut, and in one line.</summary>
internal static class LoggedId
{
    private const int MaxLength = 64;

    public static string Of(string? clientId) =>
        clientId is null ? "(unnamed)" : string.Concat(clientId.Take(MaxLength).Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '?'));
}
