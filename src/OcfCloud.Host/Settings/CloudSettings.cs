using System.Net;
using OcfCloud.Core.Storage;
using Serilog.Events;
using static OcfCloud.Host.Settings.SettingFormats;

namespace OcfCloud.Host.Settings;

/// <summary>Every setting of this cloud: its key, its kind, its default and its meaning. A feature adds its rows here.</summary>
internal static class CloudSettings
{
    private static readonly List<Setting> Declared = [];

    public static readonly Setting<EndpointAddress> Https = One("OcfCloud:Endpoints:Https", EndpointAddress.Parse, "8443", "APIs for apps and people, over TLS");
    public static readonly Setting<EndpointAddress> Http = One("OcfCloud:Endpoints:Http", EndpointAddress.Parse, "8080", "health and metrics; everything else is sent to https");
    public static readonly Setting<EndpointAddress> Coaps = One("OcfCloud:Endpoints:Coaps", EndpointAddress.Parse, "5684", "devices");
    public static readonly Setting<EndpointAddress?> Uplink = One("OcfCloud:Endpoints:Uplink", EndpointAddress.ParseOrOff, "8444", "uplinks of cameras, over TLS in HTTP/1.1; off: none");
    public static readonly Setting<EndpointAddress?> MutualTls = One("OcfCloud:Endpoints:MutualTls", EndpointAddress.ParseOptional, null, "the APIs for peer clouds that show a certificate of OcfCloud:PeerClouds:TrustAnchors");
    public static readonly Setting<int> ListenBacklog = One("OcfCloud:Endpoints:Backlog", Number("connections", 1, 65_535), "4096", "connections that may wait to be accepted, on each endpoint");
    public static readonly ListSetting<IPNetwork> TrustedProxies = Many("OcfCloud:Endpoints:TrustedProxies", Network, "address/length: balancers that are believed where they say whom a connection (PROXY protocol v2) or a request (X-Forwarded-For, X-Forwarded-Proto) comes from");
    public static readonly Setting<bool> ProxyProtocolOnHttps = One("OcfCloud:Endpoints:ProxyProtocolOnHttps", Flag, "false", "whether connections of trusted proxies to https begin with a PROXY protocol header, as they do on coaps and mutualTls");
    public static readonly Setting<bool> ProxyProtocolOnUplink = One("OcfCloud:Endpoints:ProxyProtocolOnUplink", Flag, "true", "the same on uplink");
    public static readonly Setting<TimeSpan> ProxyHeaderTimeout = One("OcfCloud:Endpoints:ProxyHeaderTimeout", DurationUpTo(TimeSpan.FromMinutes(1)), "00:00:05", "of that header, from a connection's acceptance on");

    public static readonly Setting<Uri?> PublicUrl = One("OcfCloud:PublicUrl", HttpsOrigin, null, "what goes into tokens and links; default: https://localhost and the https port");
    public static readonly Setting<string?> PublicCoaps = One("OcfCloud:PublicCoaps", CoapsUri, null, "coaps+tcp://host:port that devices and mediators are told to connect to; default: the address that a client is connected to, and for mediators the host of the public URL");
    public static readonly Setting<Guid?> CloudId = One("OcfCloud:CloudId", Uuid, null, "the cloud's UUID (sid); default: the one in the CN of the coaps certificate, which it has to equal");
    public static readonly Setting<string> DataDirectory = One("OcfCloud:DataDirectory", OwnFolder, "./data", "everything that the process writes");

    public static readonly Setting<StoreProvider> Provider = One("OcfCloud:Store:Provider", Choice<StoreProvider>, "Sqlite", "Sqlite or PostgreSql");
    public static readonly Setting<string?> ConnectionString = One("ConnectionStrings:OcfCloud", Text, null, "the PostgreSQL database: Host=…;Database=…;Username=…;Password=…");

    public static readonly Setting<string?> HttpsPath = One("OcfCloud:Certificates:Https:Path", File, null, "PEM, leaf first");
    public static readonly Setting<string?> HttpsKeyPath = One("OcfCloud:Certificates:Https:KeyPath", File, null, "PEM; default: in the file of the certificate");
    public static readonly Setting<string?> CoapsPath = One("OcfCloud:Certificates:Coaps:Path", File, null, "PEM, leaf first; its CN is uuid: and the cloud's UUID");
    public static readonly Setting<string?> CoapsKeyPath = One("OcfCloud:Certificates:Coaps:KeyPath", File, null, "PEM; default: in the file of the certificate");
    public static readonly Setting<string?> KeyRingPath = One("OcfCloud:Certificates:KeyRing:Path", File, null, "PEM, RSA; wraps the keys that encrypt signing keys, with PostgreSQL alone");
    public static readonly Setting<string?> KeyRingKeyPath = One("OcfCloud:Certificates:KeyRing:KeyPath", File, null, "PEM; default: in the file of the certificate");
    public static readonly Setting<TimeSpan> ReloadInterval = One("OcfCloud:Certificates:ReloadInterval", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:05", "how often certificate files are looked at");
    public static readonly Setting<TimeSpan> WarnBefore = One("OcfCloud:Certificates:WarnBefore", LifetimeOrZero, "30.00:00:00", "from then on before the end of a certificate of this cloud the log warns of it, once a day; 00:00:00 = never");

    public static readonly ListSetting<string> DeviceTrustAnchors = Many("OcfCloud:Devices:TrustAnchors", FileOrFolder, "PEM file or folder: anchors and intermediates of device certificates; replaces the default");
    public static readonly ListSetting<string> RevocationLists = Many("OcfCloud:Devices:RevocationLists", FileOrFolder, "PEM or DER file or folder: certificates that are no longer good; their connections are closed");
    public static readonly Setting<bool> AllowWithoutCertificate = One("OcfCloud:Devices:AllowWithoutCertificate", Flag, "false", "Development only: devices may come without a certificate");
    public static readonly Setting<string> AuthProvider = One("OcfCloud:Devices:AuthProvider", Name, "ocfcloud", "the authorization provider's name that devices are given, and the only one accepted beside none");
    public static readonly Setting<string?> RedirectUri = One("OcfCloud:Devices:RedirectUri", CoapsUri, null, "coaps+tcp://host:port to which sign-up answers send devices");
    public static readonly Setting<TimeSpan> DeviceAccessTokenLifetime = One("OcfCloud:Devices:AccessTokenLifetime", LifetimeOrZero, "01:00:00", "of a device's access tokens; 00:00:00 = they never expire");
    public static readonly Setting<TimeSpan> OneTimeTokenLifetime = One("OcfCloud:Devices:OneTimeTokenLifetime", Lifetime, "00:10:00", "of the tokens that register a device");
    public static readonly Setting<TimeSpan> RequestTimeout = One("OcfCloud:Devices:RequestTimeout", Duration, "00:00:20", "wait for a device's answer to a routed request");
    public static readonly Setting<TimeSpan> ExchangeTimeout = One("OcfCloud:Devices:ExchangeTimeout", Duration, "00:02:00", "wait for the whole answer to a request over HTTPS, further blocks of a body included");
    public static readonly Setting<TimeSpan> IdlePing = One("OcfCloud:Devices:IdlePing", Duration, "00:02:00", "silence before our ping; the answer has as long again, 10 seconds at most");
    public static readonly Setting<int> MaxMessageSize = One("OcfCloud:Devices:MaxMessageSize", Number("bytes", 1_152, 16_777_216), "262144", "the largest message that is accepted; announced to devices");
    public static readonly Setting<int> MaxMessageSizeBeforeSignIn = One("OcfCloud:Devices:MaxMessageSizeBeforeSignIn", Number("bytes", 1_152, 16_777_216), "262144", "the largest message and body before the sign-in; as large as what the CSM announces, unless it is set lower");
    public static readonly Setting<int> MaxOptions = One("OcfCloud:Devices:MaxOptions", Number("options", 16, 65_536), "512", "of one message that is not routed in place");
    public static readonly Setting<int> MaxOptionBytes = One("OcfCloud:Devices:MaxOptionBytes", Number("bytes", 512, 1_048_576), "8192", "of these options, encoded");
    public static readonly Setting<int> MaxRequestsInFlight = One("OcfCloud:Devices:MaxRequestsInFlight", Number("requests", 1, 65_536), "64", "waiting for one device's answer; more are refused");
    public static readonly Setting<int> MaxRequestsPerClientOnDevice = One("OcfCloud:Devices:MaxRequestsPerClientOnDevice", Number("requests", 1, 65_536), "32", "of MaxRequestsInFlight, those of one client; more are refused");
    public static readonly Setting<int> MaxRequestsPerClient = One("OcfCloud:Devices:MaxRequestsPerClient", Number("requests", 1, 65_536), "256", "of one client that wait for any device or for the store; more are refused");
    public static readonly Setting<int> MaxRequestsQueued = One("OcfCloud:Devices:MaxRequestsQueued", Number("requests", 1, 65_536), "64", "of one connection that wait for the store; more are refused");
    public static readonly Setting<int> MaxQueuedBytes = One("OcfCloud:Devices:MaxQueuedBytes", Number("bytes", 65_536, 268_435_456), "1048576", "of requests of one connection that wait for the store or are not routed in place; more are refused, but never the only one");
    public static readonly Setting<int> MaxObservations = One("OcfCloud:Devices:MaxObservations", Number("observations", 1, 1_000_000), "1000", "that one connection holds; more are answered once");
    public static readonly Setting<int> MaxObservationsPerDevice = One("OcfCloud:Devices:MaxObservationsPerDevice", Number("observations", 1, 1_000_000), "1000", "of one device's resources by all clients together; more are answered once");
    public static readonly Setting<int> MaxOutgoingBytes = One("OcfCloud:Devices:MaxOutgoingBytes", Number("bytes", 65_536, 268_435_456), "1048576", "that wait for a peer that does not read");
    public static readonly Setting<int> MaxConnections = One("OcfCloud:Devices:MaxConnections", Number("connections", 1, 10_000_000), "100000", "of all devices; more are closed before the handshake");
    public static readonly Setting<int> MaxConnectionsPerAddress = One("OcfCloud:Devices:MaxConnectionsPerAddress", Number("connections", 1, 1_000_000), "10000", "from one address, of IPv6 from one /64; more are closed before the handshake");
    public static readonly Setting<int> MaxHandshakesPerAddress = One("OcfCloud:Devices:MaxHandshakesPerAddress", Number("connections", 1, 1_000_000), "10000", "that one address may open at once: all that it may have come back after an outage");
    public static readonly Setting<int> HandshakesPerSecond = One("OcfCloud:Devices:HandshakesPerSecond", Number("connections", 1, 1_000_000), "100", "that one address may open beyond them; more are closed before the handshake");
    public static readonly Setting<TimeSpan> HandshakeTimeout = One("OcfCloud:Devices:HandshakeTimeout", Duration, "00:00:10", "of TLS, from a connection's acceptance on");
    public static readonly Setting<TimeSpan> SignInTimeout = One("OcfCloud:Devices:SignInTimeout", Duration, "00:01:00", "that a connection may be without a sign-in, requests that are worked on aside; then it is closed");
    public static readonly Setting<TimeSpan> MessageTimeout = One("OcfCloud:Devices:MessageTimeout", Duration, "00:00:30", "for one message from its first byte to its last; then the connection is closed");
    public static readonly Setting<TimeSpan> WriteTimeout = One("OcfCloud:Devices:WriteTimeout", Duration, "00:00:30", "that a peer may take none of the bytes that wait for it; then it is closed");
    public static readonly Setting<int?> MaxConcurrentHandshakes = One("OcfCloud:Devices:MaxConcurrentHandshakes", OptionalNumber("handshakes", 1, 1_024), null, "worked on at once; default: half the processors");
    public static readonly Setting<int> MaxFailedAttempts = One("OcfCloud:Devices:MaxFailedAttempts", Number("attempts", 1, 1_000_000), "10", "of one device from one address with wrong tokens in a row; after one more the next is refused for a while");
    public static readonly Setting<int> MaxFailedAttemptsPerAddress = One("OcfCloud:Devices:MaxFailedAttemptsPerAddress", Number("attempts", 1, 1_000_000), "100", "the same of all devices from one address");
    public static readonly Setting<TimeSpan> FailedAttemptDelay = One("OcfCloud:Devices:FailedAttemptDelay", DurationUpTo(TimeSpan.FromHours(1)), "00:00:01", "that the next attempt is refused for; each further wrong one doubles it");
    public static readonly Setting<TimeSpan> MaxFailedAttemptDelay = One("OcfCloud:Devices:MaxFailedAttemptDelay", DurationUpTo(TimeSpan.FromHours(1)), "00:01:00", "the longest such delay");
    public static readonly Setting<TimeSpan> BlockwiseTimeout = One("OcfCloud:Devices:BlockwiseTimeout", Duration, "00:01:00", "how long a blockwise transfer may rest");
    public static readonly Setting<TimeSpan> TwinSpread = One("OcfCloud:Devices:TwinSpread", DurationOrZero, "00:00:10", "over which the first twin requests after a sign-in are spread");
    public static readonly Setting<TimeSpan> DrainTimeout = One("OcfCloud:Devices:DrainTimeout", Duration, "00:00:05", "for requests in flight when the cloud stops or a peer releases its connection");

    public static readonly Setting<int> MaxDevicesPerUser = One("OcfCloud:Devices:MaxDevicesPerUser", Number("devices", 1, 10_000_000), "20000", "more are not registered, nor given tokens (429)");
    public static readonly Setting<int> MaxOneTimeTokensPerUser = One("OcfCloud:Devices:MaxOneTimeTokensPerUser", Number("tokens", 1, 1_000_000), "10000", "that could register a device still; more are refused (429)");
    public static readonly Setting<int> MaxLinks = One("OcfCloud:Devices:MaxLinks", Number("links", 1, 100_000), "256", "published by one device");
    public static readonly Setting<TimeSpan> LinkExpiryPeriod = One("OcfCloud:Devices:LinkExpiryPeriod", Duration, "00:00:01", "how often links past their ttl are looked for");
    public static readonly Setting<TimeSpan> OnlineBatchPeriod = One("OcfCloud:Devices:OnlineBatchPeriod", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:00.25", "how long a change of online and offline waits to be written with others");
    public static readonly Setting<TimeSpan> TwinBatchPeriod = One("OcfCloud:Devices:TwinBatchPeriod", DurationUpTo(TimeSpan.FromSeconds(60)), "00:00:01", "how long a representation waits to be written with others");
    public static readonly Setting<TimeSpan> TwinSubscribedBatchPeriod = One("OcfCloud:Devices:TwinSubscribedBatchPeriod", DurationUpTo(TimeSpan.FromSeconds(60)), "00:00:00.02", "the same where a subscription waits for the device");
    public static readonly Setting<int> MaxTwinRepresentation = One("OcfCloud:Devices:MaxTwinRepresentation", Number("bytes", 1_024, 16_777_216), "65536", "of one representation that the twin keeps");
    public static readonly Setting<int> MaxTwinPending = One("OcfCloud:Devices:MaxTwinPending", Number("bytes", 65_536, 1_073_741_824), "67108864", "of representations that wait to be written");

    public static readonly Setting<TimeSpan> RefusalKeep = One("OcfCloud:Devices:RefusalKeep", Lifetime, "30.00:00:00", "how long the last refusal of a device is kept");
    public static readonly Setting<int> MaxRefusedDevices = One("OcfCloud:Devices:MaxRefusedDevices", Number("devices", 1, 1_000_000), "10000", "without a registration, whose last refusal is kept; the oldest of more go");
    public static readonly Setting<TimeSpan> RefusalBatchPeriod = One("OcfCloud:Devices:RefusalBatchPeriod", DurationUpTo(TimeSpan.FromSeconds(60)), "00:00:01", "how long a refusal waits to be written with others");
    public static readonly Setting<TimeSpan> RefusalPrunePeriod = One("OcfCloud:Devices:RefusalPrunePeriod", Duration, "00:01:00", "how often old refusals are looked for");

    public static readonly Setting<TimeSpan> OutboxPollPeriod = One("OcfCloud:Events:PollPeriod", DurationUpTo(TimeSpan.FromSeconds(1)), "00:00:00.25", "how often changes of other processes are looked for");
    public static readonly Setting<TimeSpan> OutboxRetryPeriod = One("OcfCloud:Events:RetryPeriod", DurationUpTo(TimeSpan.FromSeconds(60)), "00:00:01", "rest after trouble with the store, and between tries to become the node that dispatches events");
    public static readonly Setting<TimeSpan> TrustWithoutHints = One("OcfCloud:Events:TrustWithoutHints", DurationUpTo(TimeSpan.FromDays(1)), "00:02:00", "how long a node that has lost PostgreSQL routes by the access rules and device lists that it knows");
    public static readonly Setting<TimeSpan> GiveUpAfter = One("OcfCloud:Events:GiveUpAfter", Duration, "1.00:00:00", "from the first failed attempt of the oldest undelivered event until a subscription is cancelled");
    public static readonly Setting<TimeSpan> DeliveryTimeout = One("OcfCloud:Events:DeliveryTimeout", DurationUpTo(TimeSpan.FromMinutes(5)), "00:00:10", "of one attempt to deliver an event");
    public static readonly Setting<TimeSpan> RetryFirst = One("OcfCloud:Events:RetryFirst", Duration, "00:00:01", "rest after the first failed attempt; each further one doubles it");
    public static readonly Setting<TimeSpan> RetryMax = One("OcfCloud:Events:RetryMax", Duration, "00:05:00", "the longest rest between two attempts");
    public static readonly Setting<TimeSpan> FirstDelay = One("OcfCloud:Events:FirstDelay", DurationOrZeroUpTo(TimeSpan.FromSeconds(10)), "00:00:00.2", "the least age of a subscription when its first event is sent, so that the subscriber knows of it before");
    public static readonly Setting<int> MaxParallelDeliveries = One("OcfCloud:Events:MaxParallelDeliveries", Number("deliveries", 1, 10_000), "128", "subscriptions that are sent to at once; those that failed last have as many of their own");
    public static readonly Setting<int> MaxParallelDeliveriesPerHost = One("OcfCloud:Events:MaxParallelDeliveriesPerHost", Number("deliveries", 1, 10_000), "16", "of these to one host");
    public static readonly Setting<int?> MaxParallelDeliveriesPerClient = One("OcfCloud:Events:MaxParallelDeliveriesPerClient", OptionalNumber("deliveries", 1, 10_000), null, "to one client of one user at once, slow ones included; default: twice MaxParallelDeliveries");
    public static readonly Setting<int> MaxSubscriptionsPerUser = One("OcfCloud:Events:MaxSubscriptionsPerUser", Number("subscriptions", 1, 1_000_000), "10000", "more are refused (429)");
    public static readonly Setting<int> MaxSubscriptionsPerTarget = One("OcfCloud:Events:MaxSubscriptionsPerTarget", Number("subscriptions", 1, 1_000_000), "1000", "of one user to all devices, to one device, or to one resource; more are refused (429)");
    public static readonly Setting<int> MaxUndelivered = One("OcfCloud:Events:MaxUndelivered", Number("events", 1, 10_000_000), "10000", "that may wait for one subscriber; one more and the subscription is cancelled");
    public static readonly Setting<TimeSpan> NodeLease = One("OcfCloud:Nodes:Lease", Duration, "00:00:15", "after that long without a sign of life a node's devices are set offline by another (PostgreSQL)");
    public static readonly Setting<TimeSpan> NodeLeaseRenewal = One("OcfCloud:Nodes:LeaseRenewal", Duration, "00:00:05", "how often a node gives a sign of life");
    public static readonly Setting<TimeSpan> StoreWriteTimeout = One("OcfCloud:Store:WriteTimeout", DurationUpTo(TimeSpan.FromMinutes(10)), "00:00:20", "how long a write waits for its turn (SQLite)");

    public static readonly Setting<TimeSpan> AccessTokenLifetime = One("OcfCloud:Tokens:AccessTokenLifetime", Lifetime, "00:10:00", "of bearer tokens");
    public static readonly Setting<TimeSpan> SigningKeyLifetime = One("OcfCloud:Tokens:SigningKeyLifetime", Lifetime, "90.00:00:00", "how long a key signs new tokens; no token lives longer");
    public static readonly Setting<TimeSpan> UserCheckInterval = One("OcfCloud:Tokens:UserCheckInterval", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:02", "how long a user is believed to exist without asking the store");

    public static readonly Setting<TimeSpan> RefreshTokenLifetime = One("OcfCloud:Tokens:RefreshTokenLifetime", Lifetime, "90.00:00:00", "of the authorization server's refresh tokens; each use issues another");
    public static readonly Setting<TimeSpan> AuthorizationCodeLifetime = One("OcfCloud:Tokens:AuthorizationCodeLifetime", DurationUpTo(TimeSpan.FromMinutes(10)), "00:01:00", "from consent until the client has to redeem it");
    public static readonly Setting<TimeSpan> RefreshTokenLeeway = One("OcfCloud:Tokens:RefreshTokenLeeway", DurationOrZero, "00:00:30", "how long a superseded refresh token is still taken; its use after that ends the family");
    public static readonly Setting<TimeSpan> RevocationCheckInterval = One("OcfCloud:Tokens:RevocationCheckInterval", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:02", "how long knowledge of revoked tokens is used without asking the store");
    public static readonly Setting<TimeSpan> CallWritePeriod = One("OcfCloud:Tokens:CallWritePeriod", Duration, "00:00:10", "how often the times of clients' last calls are written");
    public static readonly Setting<TimeSpan> PrunePeriod = One("OcfCloud:Tokens:PrunePeriod", Duration, "01:00:00", "how often expired tokens are taken out of the store");

    public static readonly Setting<TimeSpan> ClockSteadyAfter = One("OcfCloud:Clock:SteadyAfter", DurationOrZeroUpTo(TimeSpan.FromHours(1)), "00:05:00", "how long the system's clock must stay as it was set before a step of it is followed; 00:00:00 = at once");
    public static readonly Setting<TimeSpan> ClockMaxStep = One("OcfCloud:Clock:MaxStep", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), "00:00:10", "what is less is followed at once");

    public static readonly Setting<TimeSpan> AuditKeep = One("OcfCloud:Audit:Keep", Lifetime, "90.00:00:00", "how long entries of the audit record are kept");
    public static readonly Setting<TimeSpan> AuditPrunePeriod = One("OcfCloud:Audit:PrunePeriod", Duration, "01:00:00", "how often older ones are looked for");
    public static readonly Setting<int> AuditMaxRefusals = One("OcfCloud:Audit:MaxRefusals", Number("entries", 1, 100_000_000), "100000", "of refused access that are kept of each kind; the oldest of more go");
    public static readonly Setting<TimeSpan> AuditRefusalWindow = One("OcfCloud:Audit:RefusalWindow", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "00:01:00", "refusals that are alike within it are one entry with a count");
    public static readonly Setting<int> AuditMaxRefusalsPerWindow = One("OcfCloud:Audit:MaxRefusalsPerWindow", Number("entries", 1, 100_000), "100", "of different refusals of a kind within it; what comes beyond is counted in one");

    public static readonly Setting<TimeSpan> SessionLifetime = One("OcfCloud:Console:SessionLifetime", Duration, "12:00:00", "how long a log-in lasts without a visit");
    public static readonly Setting<TimeSpan> MaxSessionAge = One("OcfCloud:Console:MaxSessionAge", Lifetime, "7.00:00:00", "how long a log-in lasts at most");
    public static readonly Setting<bool> AllowRegistration = One("OcfCloud:Console:AllowRegistration", Flag, "false", "whether anybody may make an account; not together with OcfCloud:Authority, whose users a stranger could be first to name");
    public static readonly Setting<int> MaxLogInsPerMinute = One("OcfCloud:Console:MaxLogInsPerMinute", Number("log-ins", 1, 1_000_000), "60", "passwords that one address may try in a minute, whosoever's; 429 above");

    public static readonly ListSetting<string> PeerTrustAnchors = Many("OcfCloud:PeerClouds:TrustAnchors", FileOrFolder, "PEM file or folder: anchors and intermediates of the certificates of peer clouds; needed with OcfCloud:Endpoints:MutualTls");

    public static readonly Setting<string?> Authority = One("OcfCloud:Authority", Issuer, null, "an external authorization server's issuer URL");
    public static readonly Setting<string?> Audience = One("OcfCloud:Audience", OptionalName, null, "the audience of its tokens; needed with the authority");
    public static readonly Setting<string> UserClaim = One("OcfCloud:UserClaim", Name, "sub", "the claim that is the user's name here");
    public static readonly ListSetting<IPNetwork> OutboundAllowedNetworks = Many("OcfCloud:Outbound:AllowedNetworks", Network, "address/length: may be called at addresses that strangers chose although it is not public");
    public static readonly ListSetting<string> OutboundTrustAnchors = Many("OcfCloud:Outbound:TrustAnchors", FileOrFolder, "PEM file or folder: trusted beside the system's store in outgoing calls");
    public static readonly Setting<int> OutboundMaxLookups = One("OcfCloud:Outbound:MaxLookups", Number("lookups", 1, 1_024), "32", "names that strangers chose and that are looked up at once");
    public static readonly Setting<TimeSpan> OutboundResolveTimeout = One("OcfCloud:Outbound:ResolveTimeout", DurationUpTo(TimeSpan.FromMinutes(1)), "00:00:05", "for a name to be looked up in an outgoing call, the wait for others included");
    public static readonly Setting<TimeSpan> OutboundConnectTimeout = One("OcfCloud:Outbound:ConnectTimeout", DurationUpTo(TimeSpan.FromMinutes(1)), "00:00:03", "for one address to take an outgoing connection before the next is tried");

    public static readonly Setting<TimeSpan> LinkedPollInterval = One("OcfCloud:LinkedClouds:PollInterval", Duration, "00:01:00", "how often a linked cloud without events is asked for its devices");
    public static readonly Setting<TimeSpan> LinkedRequestTimeout = One("OcfCloud:LinkedClouds:RequestTimeout", DurationUpTo(TimeSpan.FromMinutes(5)), "00:00:30", "wait for a linked cloud's answer, for a place among other requests and for another token; longer than it waits for its device");
    public static readonly Setting<TimeSpan> LinkedTokenTimeout = One("OcfCloud:LinkedClouds:TokenTimeout", DurationUpTo(TimeSpan.FromMinutes(5)), "00:00:10", "wait for the tokens of a linked cloud; shorter than it still takes a superseded refresh token");
    public static readonly Setting<TimeSpan> LinkedTokenSaveTime = One("OcfCloud:LinkedClouds:TokenSaveTime", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), "00:00:05", "how long new tokens are tried to be stored; with TokenTimeout it is the time for which other nodes leave a refresh to one, and both together are shorter than a superseded refresh token is taken");
    public static readonly Setting<int> LinkedMaxParallelRequests = One("OcfCloud:LinkedClouds:MaxParallelRequests", Number("requests", 1, 10_000), "64", "of clients to one linked cloud at once");
    public static readonly Setting<int> LinkedMaxParallelBackground = One("OcfCloud:LinkedClouds:MaxParallelBackground", Number("requests", 1, 10_000), "16", "of background work to one linked cloud at once, and as many for tokens");
    public static readonly Setting<int> LinkedMaxQueued = One("OcfCloud:LinkedClouds:MaxQueued", Number("requests", 1, 100_000), "128", "of each of these kinds that wait for a place; more are refused");
    public static readonly Setting<int> LinkedMaxParallelPerAccount = One("OcfCloud:LinkedClouds:MaxParallelPerAccount", Number("requests", 1, 10_000), "8", "of clients for one linked account at once, and as many of background work: less than its cloud's, so that the others keep places");
    public static readonly Setting<int> LinkedMaxQueuedPerAccount = One("OcfCloud:LinkedClouds:MaxQueuedPerAccount", Number("requests", 1, 100_000), "128", "of each of these kinds of one account that wait for a place; more are refused");
    public static readonly Setting<int> LinkedRestAfter = One("OcfCloud:LinkedClouds:RestAfter", Number("calls", 2, 10_000), "8", "within RestWindow, of which half have to fail for a linked cloud to be left alone");
    public static readonly Setting<TimeSpan> LinkedRestWindow = One("OcfCloud:LinkedClouds:RestWindow", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "00:00:30", "see RestAfter");
    public static readonly Setting<TimeSpan> LinkedRestTime = One("OcfCloud:LinkedClouds:RestTime", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "00:00:15", "how long it is left alone before one call tries it again");
    public static readonly Setting<TimeSpan> LinkedMaxRetryAfter = One("OcfCloud:LinkedClouds:MaxRetryAfter", Duration, "00:05:00", "the longest Retry-After of a linked cloud that is believed");
    public static readonly Setting<TimeSpan> LinkedRefreshAhead = One("OcfCloud:LinkedClouds:RefreshAhead", Duration, "00:01:00", "before its end an access token is refreshed; of a short-lived one a fifth of its life");
    public static readonly Setting<TimeSpan> LinkedRefreshRetry = One("OcfCloud:LinkedClouds:RefreshRetry", Duration, "00:00:05", "rest after a refresh that came to nothing");
    public static readonly Setting<TimeSpan> LinkedRefreshRetryMax = One("OcfCloud:LinkedClouds:RefreshRetryMax", Duration, "00:05:00", "the longest rest after refreshes that were refused for another reason than the link itself; RefreshRetry is the first, each further one doubles it");
    public static readonly Setting<TimeSpan> LinkedCheckInterval = One("OcfCloud:LinkedClouds:CheckInterval", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:01", "how long linked clouds and accounts are known without asking the store");
    public static readonly Setting<TimeSpan> LinkedInterestTime = One("OcfCloud:LinkedClouds:InterestTime", DurationFrom(TimeSpan.FromSeconds(3), TimeSpan.FromHours(1)), "00:02:00", "how long a resource of a linked cloud stays subscribed without an observer; each node says anew by a third of it that it has observers");
    public static readonly Setting<int> LinkedMaxAnswerSize = One("OcfCloud:LinkedClouds:MaxAnswerSize", Number("bytes", 1_024, 67_108_864), "1048576", "of a linked cloud's answer to a client's request");
    public static readonly Setting<TimeSpan> LinkedObservationRetry = One("OcfCloud:LinkedClouds:ObservationRetry", Duration, "00:00:05", "rest after an observed resource could not be read");
    public static readonly Setting<int> LinkedMaxAccounts = One("OcfCloud:LinkedClouds:MaxAccounts", Number("accounts", 1, 10_000), "64", "that a node brings up to date at once");
    public static readonly Setting<int> LinkedMaxAccountsPerCloud = One("OcfCloud:LinkedClouds:MaxAccountsPerCloud", Number("accounts", 1, 10_000), "4", "of one linked cloud among them");
    public static readonly Setting<TimeSpan> LinkedTurnTime = One("OcfCloud:LinkedClouds:TurnTime", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "00:00:30", "that a node works on an account before others have their turn; what is left is gone on with");
    public static readonly Setting<TimeSpan> LinkedWorkLease = One("OcfCloud:LinkedClouds:WorkLease", DurationFrom(TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)), "00:01:00", "after that long without a sign of life of the node that works on an account another one does");
    public static readonly Setting<TimeSpan> LinkedLookInterval = One("OcfCloud:LinkedClouds:LookInterval", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:01", "how often work is looked for that other nodes and commands left");
    public static readonly Setting<TimeSpan> LinkedSilenceLimit = One("OcfCloud:LinkedClouds:SilenceLimit", Lifetime, "01:00:00", "without an event, after which all devices of an account are retrieved anew; a tenth more or less");
    public static readonly Setting<TimeSpan> LinkedEventsProbeInterval = One("OcfCloud:LinkedClouds:EventsProbeInterval", Lifetime, "1.00:00:00", "how often a linked cloud without events is asked whether it has them now");
    public static readonly Setting<TimeSpan> LinkedResubscribeDelay = One("OcfCloud:LinkedClouds:ResubscribeDelay", Duration, "00:01:00", "rest before a subscription that was cancelled there, or could not be made, is asked for again");
    public static readonly Setting<int> LinkedMaxParallelSubscriptions = One("OcfCloud:LinkedClouds:MaxParallelSubscriptions", Number("requests", 1, 1_000), "8", "that make or end subscriptions of one account at once");
    public static readonly Setting<TimeSpan> LinkedRetryFirst = One("OcfCloud:LinkedClouds:RetryFirst", Duration, "00:00:02", "rest of an account after a failure; each further one doubles it");
    public static readonly Setting<TimeSpan> LinkedRetryMax = One("OcfCloud:LinkedClouds:RetryMax", Duration, "00:05:00", "the longest such rest");
    public static readonly Setting<int> LinkedMaxDevices = One("OcfCloud:LinkedClouds:MaxDevices", Number("devices", 1, 1_000_000), "5000", "of one account; more are left out");
    public static readonly Setting<int> LinkedMaxLinksPerDevice = One("OcfCloud:LinkedClouds:MaxLinksPerDevice", Number("links", 1, 10_000), "256", "of one device; more are left out");
    public static readonly Setting<int> LinkedMaxListSize = One("OcfCloud:LinkedClouds:MaxListSize", Number("bytes", 65_536, 1_073_741_824), "16777216", "of a linked cloud's list of devices");
    public static readonly Setting<int> LinkedMaxEventSize = One("OcfCloud:LinkedClouds:MaxEventSize", Number("bytes", 1_024, 67_108_864), "1048576", "of the body of an event that is received; not more than OcfCloud:MaxRequestBodySize counts");
    public static readonly Setting<int> LinkedMaxInboxEvents = One("OcfCloud:LinkedClouds:MaxInboxEvents", Number("events", 1, 1_000_000), "2000", "of one account that wait to be worked on; further ones are answered 503 and come again");
    public static readonly Setting<int> LinkedMaxInboxBytes = One("OcfCloud:LinkedClouds:MaxInboxBytes", Number("bytes", 65_536, 1_073_741_824), "16777216", "of their bodies");
    public static readonly Setting<TimeSpan> LinkedEventAhead = One("OcfCloud:LinkedClouds:EventAhead", Duration, "00:05:00", "how far ahead of this cloud's clock the time of an event may be");
    public static readonly Setting<TimeSpan> LinkedEventAge = One("OcfCloud:LinkedClouds:EventAge", Lifetime, "7.00:00:00", "how long ago it may be: a retry carries the event's own time");
    public static readonly Setting<TimeSpan> LinkedLinkTimeout = One("OcfCloud:LinkedClouds:LinkTimeout", DurationUpTo(TimeSpan.FromHours(1)), "00:10:00", "how long a user has at the other cloud to allow a link");
    public static readonly Setting<TimeSpan> LinkedUnlinkRetryFirst = One("OcfCloud:LinkedClouds:UnlinkRetryFirst", Duration, "00:00:05", "rest after the other cloud could not be told that an account was unlinked; each further one doubles it");
    public static readonly Setting<TimeSpan> LinkedUnlinkRetryMax = One("OcfCloud:LinkedClouds:UnlinkRetryMax", Duration, "00:15:00", "the longest such rest");
    public static readonly Setting<TimeSpan> LinkedUnlinkGiveUpAfter = One("OcfCloud:LinkedClouds:UnlinkGiveUpAfter", Lifetime, "1.00:00:00", "rests after which it is not told any more");
    public static readonly Setting<int> LinkedUnlinkMaxParallel = One("OcfCloud:LinkedClouds:UnlinkMaxParallel", Number("accounts", 1, 10_000), "16", "unlinked accounts that a node ends at their clouds at once");
    public static readonly Setting<int> LinkedUnlinkMaxParallelPerCloud = One("OcfCloud:LinkedClouds:UnlinkMaxParallelPerCloud", Number("accounts", 1, 10_000), "4", "at one linked cloud among them");
    public static readonly Setting<int> LinkedMaxOpenAttempts = One("OcfCloud:LinkedClouds:MaxOpenAttempts", Number("links", 1, 1_000), "8", "that a user has begun and not ended; a further one takes the place of the oldest");

    public static readonly Setting<Uri?> PublicUplink = One("OcfCloud:Onvif:PublicUplink", HttpsOrigin, null, "where cameras open uplinks; default: https, the host of the public URL and the uplink port, and none where that endpoint is off");
    public static readonly Setting<int> MaxUplinks = One("OcfCloud:Onvif:MaxUplinks", Number("uplinks", 1, 1_000_000), "20000", "that a node holds at once; further ones are answered 503");
    public static readonly Setting<TimeSpan> UplinkPing = One("OcfCloud:Onvif:UplinkPing", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(25)), "00:00:10", "silence on an uplink before a ping; cameras close it after 30 seconds of silence");
    public static readonly Setting<TimeSpan> UplinkPingTimeout = One("OcfCloud:Onvif:UplinkPingTimeout", DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), "00:00:10", "wait for the answer to a ping before an uplink is closed");
    public static readonly Setting<TimeSpan> UplinkCloseTimeout = One("OcfCloud:Onvif:UplinkCloseTimeout", DurationUpTo(TimeSpan.FromMinutes(1)), "00:00:02", "for the farewell of an uplink that this cloud closes");
    public static readonly Setting<TimeSpan> UplinkRetryAfter = One("OcfCloud:Onvif:UplinkRetryAfter", DurationUpTo(TimeSpan.FromHours(1)), "00:00:10", "what cameras are told to wait where this node is full or stops");
    public static readonly Setting<TimeSpan> UplinkBatchPeriod = One("OcfCloud:Onvif:UplinkBatchPeriod", DurationUpTo(TimeSpan.FromSeconds(5)), "00:00:00.25", "uplinks that come and go within it are written together");
    public static readonly Setting<TimeSpan> InformationRetryFirst = One("OcfCloud:Onvif:InformationRetryFirst", Duration, "00:00:05", "rest before a camera that did not say who it is is asked again; each further one doubles it");
    public static readonly Setting<TimeSpan> InformationRetryMax = One("OcfCloud:Onvif:InformationRetryMax", Duration, "00:05:00", "the longest such rest");
    public static readonly Setting<int> MaxAnswerSize = One("OcfCloud:Onvif:MaxAnswerSize", Number("bytes", 4_096, 67_108_864), "1048576", "of a camera's answer to one call");
    public static readonly Setting<TimeSpan> ShareTokenLifetime = One("OcfCloud:Onvif:ShareTokenLifetime", DurationUpTo(TimeSpan.FromDays(1)), "01:00:00", "of share tokens that are issued without naming one");
    public static readonly Setting<TimeSpan> ShareTimeout = One("OcfCloud:Onvif:ShareTimeout", Duration, "7.00:00:00", "how long the work on a shared camera waits for the camera, and a camera asked of another cloud is waited for");
    public static readonly Setting<TimeSpan> TransferConfirmAfter = One("OcfCloud:Onvif:TransferConfirmAfter", Duration, "00:01:00", "how long the other cloud's uplink has to stand before a transferred camera is let go");
    public static readonly Setting<TimeSpan> TransferTimeout = One("OcfCloud:Onvif:TransferTimeout", Duration, "1.00:00:00", "how long that uplink is waited for; after it the transfer is incomplete and this cloud keeps its access");
    public static readonly Setting<TimeSpan> NotifyRetryFirst = One("OcfCloud:Onvif:NotifyRetryFirst", Duration, "00:00:05", "rest after the other cloud could not be told that a camera is shared; 3, 4, 5 … times as long after each further one");
    public static readonly Setting<TimeSpan> NotifyRetryMax = One("OcfCloud:Onvif:NotifyRetryMax", Duration, "00:15:00", "the longest such rest");
    public static readonly Setting<TimeSpan> NotifyGiveUpAfter = One("OcfCloud:Onvif:NotifyGiveUpAfter", Duration, "2.00:00:00", "after which it is not told any more by itself");
    public static readonly Setting<TimeSpan> KeyGenerationTimeout = One("OcfCloud:Onvif:KeyGenerationTimeout", Duration, "00:02:00", "wait for a key that a camera makes");
    public static readonly Setting<TimeSpan> DeviceCallTimeout = One("OcfCloud:Onvif:DeviceCallTimeout", Duration, "00:00:30", "wait for a camera's answer to one call");
    public static readonly Setting<TimeSpan> CameraTokenLifetime = One("OcfCloud:Onvif:AccessTokenLifetime", Lifetime, "01:00:00", "of the access tokens of cameras");
    public static readonly Setting<bool> AllowShortRsaKeys = One("OcfCloud:Onvif:AllowShortRsaKeys", Flag, "false", "whether cameras may come with RSA keys of 2048 bits, which are below the specification's baseline of 3072");
    public static readonly Setting<int> MaxLiveAssertions = One("OcfCloud:Onvif:MaxLiveAssertions", Number("assertions", 1, 1_000_000), "1000", "of one camera that are remembered, each until it would not be taken any more; further ones are refused");
    public static readonly ListSetting<string> CameraTrustAnchors = Many("OcfCloud:Onvif:TrustAnchors", FileOrFolder, "PEM file or folder: what cameras check this cloud's certificates with; default: the last certificate of the https chain, in Development the private authority");
    public static readonly Setting<TimeSpan> CloudCallTimeout = One("OcfCloud:Onvif:CloudCallTimeout", Duration, "00:00:30", "wait for another cloud's answer about a camera");
    public static readonly Setting<TimeSpan> PreCheckTimeout = One("OcfCloud:Onvif:PreCheckTimeout", Duration, "00:00:10", "how long a camera that is online is asked whether it can be shared before the other cloud is answered");
    public static readonly Setting<TimeSpan> ShareWorkLease = One("OcfCloud:Onvif:WorkLease", Duration, "00:00:30", "after that long without a sign of life of the node that works on a share another one does");
    public static readonly Setting<TimeSpan> ShareLookInterval = One("OcfCloud:Onvif:LookInterval", Duration, "00:00:01", "how often work on cameras is looked for that other nodes and commands left");
    public static readonly Setting<int> MaxParallelShares = One("OcfCloud:Onvif:MaxParallelShares", Number("shares", 1, 10_000), "64", "that a node works on at once");
    public static readonly Setting<int> MaxCamerasPerUser = One("OcfCloud:Onvif:MaxCamerasPerUser", Number("cameras", 1, 1_000_000), "1000", "more are refused");
    public static readonly Setting<int> MaxOpenShareTokens = One("OcfCloud:Onvif:MaxOpenShareTokens", Number("share tokens", 1, 10_000), "100", "of one camera that are open at once; more are refused");
    public static readonly Setting<int> MaxSharesPerCamera = One("OcfCloud:Onvif:MaxSharesPerCamera", Number("shares", 1, 1_000), "32", "of one camera that are not ended, or left something on it; more are refused");
    public static readonly Setting<int> MaxConfigurationSize = One("OcfCloud:Onvif:MaxConfigurationSize", Number("characters", 16_384, 1_048_576), "131072", "of what another cloud wants to set on one camera, all certificates in base64; more is refused");
    public static readonly Setting<int> MaxIncomingShares = One("OcfCloud:Onvif:MaxIncomingShares", Number("incoming shares", 1, 10_000), "100", "of one user that are not ended; more are refused");
    public static readonly Setting<int> MaxCloudCalls = One("OcfCloud:Onvif:MaxCloudCallsPerMinute", Number("calls", 1, 1_000_000), "600", "of startDeviceSharing and deviceSharingCompleted that one address may send; more are answered 429");
    public static readonly Setting<int> MaxFirmwareQueries = One("OcfCloud:Onvif:MaxFirmwareQueriesPerMinute", Number("queries", 1, 1_000_000), "60", "for versions of firmware that one address may send; more are answered 429");

    public static readonly Setting<int> MaxRequestBodySize = One("OcfCloud:MaxRequestBodySize", Number("bytes", 1_024, 1_073_741_824), "1048576", "of HTTP requests; 413 above");
    public static readonly Setting<int> MaxHttpConnections = One("OcfCloud:Endpoints:MaxHttpConnections", Number("connections", 1, 1_000_000), "10000", "open at once on https, on http and on mutualTls, each");
    public static readonly Setting<int> MaxHttpConnectionsPerAddress = One("OcfCloud:Endpoints:MaxConnectionsPerAddress", Number("connections", 1, 1_000_000), "1000", "of these, and on uplink, from one address, of IPv6 from one /64; trusted proxies aside");
    public static readonly Setting<TimeSpan> StopTimeout = One("OcfCloud:StopTimeout", Duration, "00:00:15", "for what is in flight when the process stops");
    public static readonly ListSetting<IPNetwork> MetricsAllowedNetworks = Many("OcfCloud:Metrics:AllowedNetworks", Network, "address/length: who may read /metrics, by the address of the connection; 404 to others; default: this machine alone");
    public static readonly Setting<TimeSpan> MetricsSamplePeriod = One("OcfCloud:Metrics:SamplePeriod", Duration, "00:00:10", "how often metrics that only the store knows are read");
    public static readonly Setting<TimeSpan> HealthTimeout = One("OcfCloud:Health:Timeout", Duration, "00:00:02", "wait for the store's answer to /health/ready");
    public static readonly Setting<LogEventLevel> LogLevel = One("OcfCloud:Logging:Level", Choice<LogEventLevel>, "Information", "the least level that is written");
    public static readonly Setting<Settings.LogFormat> LogFormat = One("OcfCloud:Logging:Format", Choice<Settings.LogFormat>, "Text", "Text or Json");
    public static readonly Setting<int> LogMaxRepeated = One("OcfCloud:Logging:MaxRepeated", Number("lines", 1, 1_000_000), "10", "warnings and errors of one kind that are written in a minute; how many more there were is said with the next");

    /// <summary>All of the above.</summary>
    public static IReadOnlyList<Setting> All => Declared;

    private static Setting<T> One<T>(string key, Func<string, Parsed<T>> parse, string? defaultText, string meaning)
    {
        var setting = new Setting<T>(key, parse, defaultText, meaning);
        Declared.Add(setting);
        return setting;
    }

    private static ListSetting<T> Many<T>(string key, Func<string, Parsed<T>> parse, string meaning)
    {
        var setting = new ListSetting<T>(key, parse, meaning);
        Declared.Add(setting);
        return setting;
    }
}
