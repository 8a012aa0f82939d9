namespace OcfCloud.Host.Tests.OpenApi;

/// <summary>Where this cloud's document differs from the official one, and why.</summary>
/// <param name="Where">An operation, a path or a schema; a <c>*</c> stands for any text.</param>
/// <param name="What">The difference.</param>
/// <param name="Reason">Why it is on purpose.</param>
internal sealed record DeliberateDifferences(string Where, string What, string Reason)
{
    private const string Resource = "/api/v1/devices/{deviceId}/{resourceLinkHref}";

    /// <summary>The table.</summary>
    public static IReadOnlyList<DeliberateDifferences> All { get; } =
    [
        new("/api/v1/devices*", "query in the path", "content is a query parameter of one operation: OpenAPI has no query in paths"),
        new("post /{eventsUrl}", "operation missing", "it is what an Origin Cloud serves"),
        new("get *", "parameter header Accept missing", "OpenAPI 3 names media types by the content of answers, and ignores such a parameter"),
        new("post " + Resource, "parameter header Accept missing", "OpenAPI 3 names media types by the content of answers, and ignores such a parameter"),
        new("post *", "parameter header Content-Type missing", "OpenAPI 3 names media types by the content of bodies, and ignores such a parameter"),

        new("get /api/v1/devices", "parameter query rt more", "ours: a filter by device type"),
        new("get /api/v1/devices", "status 504 missing", "the list comes from the store: no device is asked"),
        new("get /api/v1/devices/{deviceId}", "status 504 missing", "links and last known representations come from the store: no device is asked"),

        new("get " + Resource, "parameter header Cache-Control more", "ours: only-if-cached answers with the last known representation"),
        new("* " + Resource, "answer any for ResourceRetrieveResponse", "a representation is any value, of which the official document's text is an example"),
        new("post " + Resource, "body any for ResourceUpdateRequest", "a representation is any value, of which the official document's text is an example"),
        new("post " + Resource, "status 201 more", "the device's 2.01"),
        new("* " + Resource, "status 304 more", "the device's 2.03"),
        new("* " + Resource, "status 405 more", "the device's 4.05"),
        new("post " + Resource, "status 406 more", "nothing acceptable, or the device's 4.06"),
        new("* " + Resource, "status 409 more", "the device's 4.09"),
        new("* " + Resource, "status 412 more", "the device's 4.12"),
        new("* " + Resource, "status 413 more", "the device's 4.13, and bodies over the limit"),
        new("get " + Resource, "status 415 more", "the device's 4.15"),
        new("* " + Resource, "status 429 more", "the device's 4.29"),
        new("* " + Resource, "status 501 more", "the device's 5.01"),
        new("* " + Resource, "status 502 more", "the device's other 5.xx, and answers that cannot be read"),

        new("post */subscriptions", "status 413 more", "bodies over the limit"),
        new("post */subscriptions", "status 415 more", "a body that is not application/json"),
        new("post */subscriptions", "status 429 more", "a user has as many subscriptions as one may have"),
        new("post */subscriptions", "status 503 more", "the store does not answer"),
        new("post /api/v1/devices/subscriptions", "status 406 more", "as on the other levels"),
        new("get */subscriptions/{subscriptionId}", "operation more", "ours: a subscription with the state of its delivery"),
        new("delete */subscriptions/{subscriptionId}", "status 503 more", "the store does not answer"),
        new("delete /api/v1/devices/{deviceId}*", "status 406 more", "as on the level of all devices"),
        new("delete /api/v1/devices/subscriptions/{subscriptionId}", "status 400 missing", "nothing can be malformed: an id that is no UUID is none of a subscription, 404"),
    ];

    /// <summary>Whether a difference is this one.</summary>
    public bool Covers(string where, string what)
    {
        if (what != What) return false;
        var star = Where.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? where == Where
            : where.Length >= Where.Length - 1 && where.StartsWith(Where[..star], StringComparison.Ordinal) && where.EndsWith(Where[(star + 1)..], StringComparison.Ordinal);
    }
}
