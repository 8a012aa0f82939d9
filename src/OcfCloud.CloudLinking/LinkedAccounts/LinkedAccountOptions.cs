namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>How users link and unlink accounts of other clouds.</summary>
public sealed class LinkedAccountOptions
{
    /// <summary>How long a user has at the other cloud until the answer has to be back. Default 10 minutes (cloud-to-cloud.md, 2).</summary>
    public TimeSpan AttemptLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts of one user that are open at one time; a further one takes the place of the oldest. Default 8.</summary>
    public int MaxOpenAttempts { get; set; } = 8;

    /// <summary>How long the clean-up of an unlinked account is tried again at a cloud that does not answer, this cloud's own standstills not counted. Default 1 day.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The rest after the first failed clean-up; it doubles with each. Default 5 seconds.</summary>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest rest. Default 15 minutes.</summary>
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Accounts that a node cleans up at one time. Default 16.</summary>
    public int MaxParallel { get; set; } = 16;

    /// <summary>Of those, at one cloud: a slow one leaves room for the others. Default 4.</summary>
    public int MaxParallelPerCloud { get; set; } = 4;

    /// <summary>How long a node works on an account before it looks for others; what is left is gone on with. Default 30 seconds.</summary>
    public TimeSpan TurnTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often is looked for what other nodes and commands left to do. Default 1 second.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often expired attempts and what was left behind is looked for. Default 1 minute.</summary>
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
