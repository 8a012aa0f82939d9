using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Onvif;

/// <summary>How this cloud deals with cameras, as a Provisioning and as an Operational Cloud Service.</summary>
public sealed class OnvifOptions
{
    /// <summary>This cloud's public URL without a trailing slash.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The base of the uplink addresses that cameras get, without a trailing slash: <c>https://host:port</c>; empty: this cloud takes no uplinks.</summary>
    public string PublicUplink { get; set; } = "";

    /// <summary>What this cloud gives to cameras as trust anchors, as it stands now.</summary>
    public Func<IReadOnlyList<X509Certificate2>> TrustAnchors { get; set; } = () => [];

    /// <summary>Lifetime of share tokens where none is asked for. At most a day.</summary>
    public TimeSpan ShareTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a job waits for its camera (PCS), a requested share for its completion and first uplink (OCS).</summary>
    public TimeSpan ShareTimeout { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the new uplink must stand before ours is deleted.</summary>
    public TimeSpan TransferConfirmAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After this a transfer is incomplete, and we keep our access.</summary>
    public TimeSpan TransferTimeout { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Rest after the first round of deviceSharingCompleted that reached nobody; ×3, ×4, ×5 … from then on.</summary>
    public TimeSpan NotifyRetryFirst { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest such rest.</summary>
    public TimeSpan NotifyRetryMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>After this the other cloud is unreachable.</summary>
    public TimeSpan NotifyGiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Wait for a camera's key.</summary>
    public TimeSpan KeyGenerationTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Wait for the answer to one SOAP call.</summary>
    public TimeSpan DeviceCallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Lifetime of the access tokens of cameras.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Wait for the other cloud's answer to startDeviceSharing and deviceSharingCompleted.</summary>
    public TimeSpan CloudCallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long startDeviceSharing looks at a camera that is online before it answers.</summary>
    public TimeSpan PreCheckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a node's claim on a share stands without being renewed.</summary>
    public TimeSpan WorkLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often work that is due is looked for where nothing wakes it.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Shares that a node works on at once.</summary>
    public int MaxParallelShares { get; set; } = 64;

    /// <summary>Cameras of one user.</summary>
    public int MaxCamerasPerUser { get; set; } = 1_000;

    /// <summary>Share tokens of one camera that are open at once.</summary>
    public int MaxOpenShareTokens { get; set; } = 100;

    /// <summary>Shares of one camera that are not over, or have left something on it.</summary>
    public int MaxSharesPerCamera { get; set; } = 32;

    /// <summary>Characters of one device configuration as it is kept, its certificates in base64.</summary>
    public int MaxConfigurationSize { get; set; } = 131_072;

    /// <summary>Incoming shares of one user that are not ended.</summary>
    public int MaxIncomingShares { get; set; } = 100;

    /// <summary>Questions for firmware that one address may ask in a minute, for nobody has to say who asks.</summary>
    public int MaxFirmwareQueriesPerMinute { get; set; } = 60;

    /// <summary>Uplinks that a node holds at once; further ones are answered 503.</summary>
    public int MaxUplinks { get; set; } = 20_000;

    /// <summary>Silence before a PING is sent to a camera. Cameras close an uplink on which nothing comes for 30 seconds. A second at least.</summary>
    public TimeSpan UplinkPing { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait for the answer to a PING; after it the uplink is closed. A second at least.</summary>
    public TimeSpan UplinkPingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the farewell of an uplink that this cloud closes may take.</summary>
    public TimeSpan UplinkCloseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What cameras are told in <c>Retry-After</c> when this node is full or stops.</summary>
    public TimeSpan UplinkRetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Uplinks that come and go within this time are written together.</summary>
    public TimeSpan UplinkBatchPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Rest before a camera that did not say who it is is asked again; each further one is twice as long.</summary>
    public TimeSpan InformationRetryFirst { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest such rest.</summary>
    public TimeSpan InformationRetryMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of a camera's answer to one request; a longer one is given up.</summary>
    public int MaxAnswerSize { get; set; } = 1_048_576;

    /// <summary>Calls of the ONVIF REST operations that one address may make in a minute.</summary>
    public int MaxCloudCallsPerMinute { get; set; } = 600;

    /// <summary>Whether there is anything that cameras could connect to.</summary>
    public bool HasUplink => PublicUplink.Length > 0;

    /// <summary>Where cameras open their uplinks.</summary>
    public string UplinkHttps => $"{PublicUplink}/onvif/uplink";

    /// <summary>The same by WebSocket.</summary>
    public string UplinkWss => $"wss{UplinkHttps["https".Length..]}";

    /// <summary>The base of the ONVIF REST operations: <c>onvif:xaddr</c> of our share tokens.</summary>
    public string Xaddr => $"{PublicUrl}/onvif/cloud";

    /// <summary>The metadata document of the authorization server that cameras get as <c>ServerUri</c>.</summary>
    public string ServerUri => $"{PublicUrl}/.well-known/openid-configuration";
}
