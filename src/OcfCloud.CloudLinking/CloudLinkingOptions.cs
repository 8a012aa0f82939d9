using System.Net.Security;

namespace OcfCloud.CloudLinking;

/// <summary>This cloud as Origin Cloud.</summary>
public sealed class CloudLinkingOptions
{
    /// <summary>This cloud's UUID: a Target with the same is refused. Empty: not known.</summary>
    public Guid CloudId { get; set; }

    /// <summary>The public URL of this cloud, without a slash at its end: redirect URIs and the event receiver are below it.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>This cloud's certificate, shown to a Target that asks for one and for which an administrator gave no other; another instance when it changed. Null: none.</summary>
    public Func<SslStreamCertificateContext?>? OwnCertificate { get; set; }

    /// <summary>How often a Target without events is asked. Default 1 minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a Target may take for one answer, waiting for a place and a refreshed token included. Default 30 seconds: more than a Target waits for its device.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests of clients that are under way to one Target at once. Default 64.</summary>
    public int MaxParallelRequests { get; set; } = 64;

    /// <summary>Requests of background work, and as many for tokens, that are under way to one Target at once. Default 16.</summary>
    public int MaxParallelBackground { get; set; } = 16;

    /// <summary>Requests of each of these kinds that wait for a place; more are refused. Default 128.</summary>
    public int MaxQueued { get; set; } = 128;

    /// <summary>Requests of clients, and as many of background work, that are under way for one linked account at once: less than its cloud takes of all. Default 8.</summary>
    public int MaxParallelPerAccount { get; set; } = 8;

    /// <summary>Requests of each of these kinds of one account that wait for a place; more are refused. Default 128.</summary>
    public int MaxQueuedPerAccount { get; set; } = 128;

    /// <summary>Calls within <see cref="RestWindow"/> of which half have to fail for a Target to be left alone; at least 2. Default 8.</summary>
    public int RestAfter { get; set; } = 8;

    /// <summary>See <see cref="RestAfter"/>; at least half a second. Default 30 seconds.</summary>
    public TimeSpan RestWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it is left alone before one call tries it again; at least half a second. Default 15 seconds.</summary>
    public TimeSpan RestTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest <c>Retry-After</c> of a Target that is believed. Default 5 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a Target may take to issue or revoke tokens. Default 10 seconds: less than a superseded refresh token is still taken there, so that an answer that was
    /// lost does not end the link.</summary>
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long new tokens are tried to be stored before that is left to the next request that needs them. Default 5 seconds. With <see cref="TokenTimeout"/> it is how long
    /// other nodes leave a refresh to the one that has it: both together are to be shorter than a superseded refresh token is still taken there.</summary>
    public TimeSpan TokenSaveTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long before its end an access token is refreshed at most; of a short-lived one a fifth of its life. Default 1 minute.</summary>
    public TimeSpan RefreshAhead { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Rest after a refresh that came to nothing, before the next. Default 5 seconds.</summary>
    public TimeSpan RefreshRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest rest after refreshes that were refused for another reason than the link itself (client id, secret, scope); <see cref="RefreshRetry"/> is the first, doubled
    /// with each. Default 5 minutes.</summary>
    public TimeSpan RefreshRetryMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long what is known of linked clouds and accounts is used without asking the store. Default 1 second.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node's interest in an observed resource counts without being said again. Default 2 minutes.</summary>
    public TimeSpan InterestTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest body of a Target's answer to a client's request, in bytes. Default 1 MiB.</summary>
    public int MaxAnswerSize { get; set; } = 1024 * 1024;

    /// <summary>How long an observed resource rests after a read that failed. Default 5 seconds.</summary>
    public TimeSpan ObservationRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a process works on an account before it looks for others of its cloud; what is left is gone on with. Default 30 seconds.</summary>
    public TimeSpan TurnTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Accounts that this process works on at once, and those of one cloud among them. Defaults 64 and 4.</summary>
    public int MaxAccounts { get; set; } = 64;

    /// <inheritdoc cref="MaxAccounts"/>
    public int MaxAccountsPerCloud { get; set; } = 4;

    /// <summary>How long an account that a process works on is left alone by others after that process was last heard of. Default 1 minute.</summary>
    public TimeSpan WorkLease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a process looks for accounts that other processes made due. Default 1 second.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two retrievals of all devices of an account. Default 2 seconds.</summary>
    public TimeSpan RetrievalPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long without an event of its devices an account's subscription is made anew and all devices are retrieved; a tenth more or less. Default 1 hour.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a cloud that takes no subscriptions is asked whether it does now. Default 1 day.</summary>
    public TimeSpan EventsProbeInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>After how long a subscription that was cancelled there, or could not be made, is asked for again. Default 1 minute.</summary>
    public TimeSpan ResubscribeDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests that make or end subscriptions at once, of one account. Default 8.</summary>
    public int MaxParallelSubscriptions { get; set; } = 8;

    /// <summary>The first and the longest rest of an account after a failure; doubled with each failure in a row. Defaults 2 seconds and 5 minutes.</summary>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="RetryFirst"/>
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Devices that are mirrored for one account; more are left out. Default 5,000.</summary>
    public int MaxDevices { get; set; } = 5_000;

    /// <summary>Links that are mirrored of one device; more are left out. Default 256.</summary>
    public int MaxLinksPerDevice { get; set; } = 256;

    /// <summary>Bytes of a cloud's list of devices. Default 16 MiB.</summary>
    public int MaxListSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>Bytes of an event's body. Default 1 MiB.</summary>
    public int MaxEventSize { get; set; } = 1024 * 1024;

    /// <summary>Confirmed events of one account that wait to be worked on, and the bytes of their bodies; over it the sender is asked to come later. Defaults 2,000 and 16 MiB.</summary>
    public int MaxInboxEvents { get; set; } = 2_000;

    /// <inheritdoc cref="MaxInboxEvents"/>
    public long MaxInboxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How far ahead of this cloud's clock an event's time may be. Default 5 minutes.</summary>
    public TimeSpan EventAhead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long ago an event may have happened: a retry carries the event's own time. Default 7 days.</summary>
    public TimeSpan EventAge { get; set; } = TimeSpan.FromDays(7);
}
