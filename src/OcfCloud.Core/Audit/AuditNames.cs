using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>Shows users by their names, where they are still known.</summary>
/// <param name="names">The names of users.</param>
public sealed class AuditNames(IReadOnlyDictionary<UserId, string> names)
{
    /// <summary>A user's name, or the id of one who is gone; null for no user.</summary>
    public string? Of(UserId? user) => user is { } id ? names.GetValueOrDefault(id, id.ToString()) : null;

    /// <summary>An actor's text, with the name of a user in it.</summary>
    public string Of(string actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.StartsWith(AuditActor.UserPrefix, StringComparison.Ordinal) && UserId.TryParse(actor.AsSpan(AuditActor.UserPrefix.Length).ToString(), out var user)
            ? AuditActor.UserPrefix + Of(user)
            : actor;
    }
}
