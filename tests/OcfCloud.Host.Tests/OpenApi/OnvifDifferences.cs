namespace OcfCloud.Host.Tests.OpenApi;

/// <summary>Where this cloud's document of the ONVIF operations differs from cloudintegration.yaml, and why.</summary>
/// <param name="Where">An operation or a schema.</param>
/// <param name="What">The difference.</param>
/// <param name="Reason">Why it is on purpose.</param>
internal sealed record OnvifDifferences(string Where, string What, string Reason)
{
    private const string Start = "post /startDeviceSharing", Completed = "post /deviceSharingCompleted", Firmware = "post /getAvailableFWImages";

    /// <summary>The table.</summary>
    public static IReadOnlyList<OnvifDifferences> All { get; } =
    [
        new(Start, "status 413 more", "bodies over the limit"),
        new(Start, "status 415 more", "a body that is not application/json"),
        new(Start, "status 429 more", "an address that calls too often: nobody says who calls"),
        new(Start, "status 503 more", "the store does not answer"),
        new(Completed, "status 413 more", "bodies over the limit"),
        new(Completed, "status 415 more", "a body that is not application/json"),
        new(Completed, "status 429 more", "an address that calls too often: nobody says who calls"),
        new(Completed, "status 503 more", "the store does not answer"),
        new(Firmware, "status 413 more", "bodies over the limit"),
        new(Firmware, "status 415 more", "a body that is not application/json"),
        new(Firmware, "status 429 more", "an address that calls too often: nobody says who calls"),
        new(Firmware, "status 503 more", "the store does not answer"),
        new(Completed, "parameter path nonce more", "only the cloud that was asked knows the whole address (the specification leaves open who may complete)"),
        new(Completed, "status 400 more", "the official document has no faults; these are those of startDeviceSharing"),
        new(Completed, "error deviceSharingError for none", "the official document has no faults; these are those of startDeviceSharing"),
        new(Completed, "status 410 more", "it was waited for long enough"),
        new(Firmware, "body FirmwareQuery for object", "the same, by a name"),
        new(Firmware, "error ProblemDetails for none", "says what is wrong; the official document has no body there"),

        new("deviceConfiguration", "shareToken is string for string(byte)", "both forms are taken; clouds send the compact JWS as it is, as in deviceSharingCompleted"),
        new("deviceConfiguration", "endpointReferences is string[] for string(uri)[]", "checked more strictly than the format says"),
        new("uplinkConfiguration", "remoteAddress is string for string(uri)", "checked more strictly than the format says"),
        new("authorizationServerConfiguration", "scope is null|string for string", "left out where there is none; the generator writes what may be left out so"),
    ];
}
