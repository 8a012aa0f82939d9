using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>Shows users by their names, where they are still known.</summary>
/// <param name="names">The names of users.</param>
public sealed class AuditNames(IReadOnlyDictionary<UserId, string> names)
{
    /// <summary>A user's name, or the id of one who is gone; null for no user.</summary>
    public string? Of(UserId? user) => user is { } id ? names.GetValueOrDefault(id, id.ToString()) : null;

    /// <summary>The text of an actor or a subject, with the name of a user in it.</summary>
    public string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return UserIn(text) is { } user ? AuditActor.UserPrefix + Of(user) : text;
    }

    /// <summary>The users whose names entries show.</summary>
    public static IReadOnlyCollection<UserId> UsersIn(IEnumerable<AuditEntry> entries) =>
        [.. entries.SelectMany(entry => new[] { entry.User, UserIn(entry.Actor), UserIn(entry.Subject) }).OfType<UserId>().Distinct()];

    private static UserId? UserIn(string text) =>
        text.StartsWith(AuditActor.UserPrefix, StringComparison.Ordinal) && UserId.TryParse(text[AuditActor.UserPrefix.Length..], out var user) ? user : null;
}
