namespace OcfCloud.CloudApi.Notifications;

/// <summary>How notifications are sent.</summary>
public sealed class NotificationOptions
{
    /// <summary>From the first failed attempt of the oldest undelivered event until its subscription is given up. Default 24 hours.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>One attempt. Default 10 seconds.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Rest after a first failed attempt; each further one doubles it. Default one second.</summary>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest rest between two attempts, a receiver's <c>Retry-After</c> included. Default 5 minutes.</summary>
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Subscriptions that a lane sends to at once. Default 128.</summary>
    public int MaxParallel { get; set; } = 128;

    /// <summary>The same for one host. Default 16.</summary>
    public int MaxParallelPerHost { get; set; } = 16;

    /// <summary>The same for one client of one user, which may name as many hosts as it likes: with its slow ones. Default twice <see cref="MaxParallel"/>, less than a
    /// quarter of what a lane has with slow ones, and enough that a client's dead hosts do not stand before its living ones.</summary>
    public int MaxParallelPerClient
    {
        get => field > 0 ? field : 2 * MaxParallel;
        set;
    }

    /// <summary>A delivery that takes longer is slow: it does not count in <see cref="MaxParallel"/> any more, but in a bound eight times as large. Default one second.</summary>
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The least age of a subscription when its first notification is sent: the answer to the subscriber, which another node may be giving, comes before it. Default 200 ms.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long attempts may still run when the process stops. Default 5 seconds.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rest after trouble with the store, and how long a lane sleeps at most. Default one and 15 seconds.</summary>
    public TimeSpan TroubleRest { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="TroubleRest"/>
    public TimeSpan LongestSleep { get; set; } = TimeSpan.FromSeconds(15);
}
