namespace OcfCloud.Identity.Bearer;

/// <summary>How fresh the knowledge of users is.</summary>
public sealed class KnownUsersOptions
{
    /// <summary>How long a user is believed to exist without asking the store; so long a removed user's tokens may still be taken. Default two seconds.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(2);
}
