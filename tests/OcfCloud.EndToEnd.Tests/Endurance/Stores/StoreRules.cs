namespace OcfCloud.EndToEnd.Endurance.Stores;

/// <summary>The rules of our stores. Kinds and phases are the numbers that are stored.</summary>
internal static class StoreRules
{
    private const int DeviceUnregistered = 4, ResourcesUnpublished = 6, SubscriptionCancelled = 8, SubscriptionMade = 105;
    private const int Made = 1, Live = 2, Ending = 3, Ended = 4;
    private const int Current = 1, Spent = 2;

    public static IReadOnlyList<StoreRule> All { get; } = [.. References(), .. Owners(), .. Devices(), .. Tokens(), .. Subscriptions(), .. Outbox(), .. Counted()];

    /// <summary>What holds besides where nothing has happened for a while.</summary>
    public static IReadOnlyList<StoreRule> OfQuiet { get; } =
    [
        new("no event waits", """SELECT 'outbox ' || "Id" || ' of kind ' || "Kind" FROM outbox"""),
        new("no subscription waits for its begin or end", $"""SELECT "Id" FROM subscriptions WHERE "Phase" IN ({Made}, {Ending})"""),
        new("no notification waits", """SELECT "SubscriptionId" FROM notifications"""),
    ];

    // A row that belongs to another one; null where it may belong to none.
    private static IEnumerable<StoreRule> References() =>
        from r in new[]
        {
            ("links", "DeviceId", "devices", "Id"), ("twins", "DeviceId", "devices", "Id"), ("token_families", "DeviceId", "devices", "Id"),
            ("token_generations", "FamilyId", "token_families", "Id"), ("notifications", "SubscriptionId", "subscriptions", "Id"),
            ("deliveries", "SubscriptionId", "subscriptions", "Id"), ("subscriptions", "Id", "deliveries", "SubscriptionId"),
            ("linked_accounts", "LinkedCloudId", "linked_clouds", "Id"), ("link_attempts", "LinkedCloudId", "linked_clouds", "Id"),
            ("remote_subscriptions", "AccountId", "linked_accounts", "Id"), ("inbox_events", "RemoteSubscriptionId", "remote_subscriptions", "Id"),
            ("resource_interests", "RemoteSubscriptionId", "remote_subscriptions", "Id"), ("mirrored_devices", "LinkedCloudId", "linked_clouds", "Id"),
            ("mirrored_links", "DeviceId", "mirrored_devices", "DeviceId"), ("mirrored_values", "DeviceId", "mirrored_devices", "DeviceId"),
            ("camera_uplinks", "CameraId", "cameras", "Id"), ("share_tokens", "CameraId", "cameras", "Id"), ("shares", "CameraId", "cameras", "Id"),
            ("shares", "TokenId", "share_tokens", "Id"), ("share_steps", "ShareId", "shares", "Id"), ("camera_objects", "ShareId", "shares", "Id"),
            ("incoming_shares", "CameraId", "cameras", "Id"), ("oauth_tokens", "AuthorizationId", "oauth_grants", "Id"), ("oauth_tokens", "ApplicationId", "oauth_clients", "Id"),
            ("oauth_grants", "ApplicationId", "oauth_clients", "Id"),
        }
        let wrong = $"""FROM {r.Item1} WHERE "{r.Item2}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {r.Item3} p WHERE p."{r.Item4}" = {r.Item1}."{r.Item2}")"""
        select new StoreRule(
            $"{r.Item1}.{r.Item2} is one of {r.Item3}.{r.Item4}",
            $"""SELECT "{r.Item2}" {wrong}""",
            $"""DELETE FROM {r.Item3} WHERE "{r.Item4}" IN (SELECT "{r.Item2}" FROM {r.Item1} WHERE "{r.Item2}" IS NOT NULL)""");

    private static IEnumerable<StoreRule> Owners() =>
        from r in new[]
        {
            ("devices", "TRUE"), ("links", "TRUE"), ("one_time_tokens", "TRUE"), ("token_families", "TRUE"), ("access_rules", "TRUE"), ("access_refusals", "TRUE"),
            ("subscriptions", $"\"Phase\" <= {Live}"), ("mirrored_devices", "TRUE"), ("cameras", "TRUE"), ("share_tokens", "TRUE"), ("incoming_shares", "TRUE"),
        }
        let mine = $"""{r.Item2} AND NOT EXISTS (SELECT 1 FROM users u WHERE u."Id" = {r.Item1}."UserId")"""
        select new StoreRule(
            $"what {r.Item1} hold belongs to a user",
            $"""SELECT "UserId" FROM {r.Item1} WHERE {mine}""",
            $"""DELETE FROM users WHERE "Id" IN (SELECT "UserId" FROM {r.Item1} WHERE {r.Item2})""");

    private static IEnumerable<StoreRule> Devices() =>
    [
        new(
            "an erased user has no device",
            """SELECT d."Id" FROM devices d JOIN user_rows u ON u."Id" = d."UserId" WHERE u."Erased" """,
            """UPDATE user_rows SET "Erased" = TRUE"""),
        new(
            "links and tokens of a device are its user's",
            """
            SELECT l."Href" FROM links l JOIN devices d ON d."Id" = l."DeviceId" WHERE l."UserId" <> d."UserId"
            UNION ALL SELECT 'family of ' || f."DeviceId" FROM token_families f JOIN devices d ON d."Id" = f."DeviceId" WHERE f."UserId" <> d."UserId"
            """,
            """UPDATE devices SET "UserId" = '00000000-0000-0000-0000-000000000001'"""),
        new(
            "who is online is on a node, and nobody else",
            """SELECT "Id" FROM devices WHERE "Online" <> ("NodeId" IS NOT NULL)""",
            """UPDATE devices SET "Online" = NOT "Online" """),
        new(
            "a device knows the greatest number of its links",
            """SELECT d."Id" FROM devices d WHERE EXISTS (SELECT 1 FROM links l WHERE l."DeviceId" = d."Id" AND (l."Ins" > d."LastIns" OR l."Ins" < 1))""",
            """UPDATE devices SET "LastIns" = 0"""),
        new(
            "a twin knows resources that are published, /oic/d and /oic/p",
            """
            SELECT t."Href" FROM twins t WHERE t."Href" NOT IN ('/oic/d', '/oic/p')
            AND NOT EXISTS (SELECT 1 FROM links l WHERE l."DeviceId" = t."DeviceId" AND l."Href" = t."Href")
            """,
            """DELETE FROM links"""),
    ];

    private static IEnumerable<StoreRule> Tokens() =>
    [
        new(
            "a device has one family of tokens at most",
            """SELECT "DeviceId" FROM token_families WHERE "DeviceId" IS NOT NULL GROUP BY "DeviceId" HAVING COUNT(*) > 1""",
            """UPDATE token_families SET "DeviceId" = (SELECT MIN("DeviceId") FROM token_families)"""),
        new(
            "a family knows its last generation",
            """SELECT g."FamilyId" FROM token_generations g JOIN token_families f ON f."Id" = g."FamilyId" WHERE g."Number" > f."LastGeneration" OR g."Number" < 1""",
            """UPDATE token_families SET "LastGeneration" = 0"""),
        new(
            "a family has tokens that can be used, and one generation in use at most",
            $"""
            SELECT f."Id" FROM token_families f WHERE NOT EXISTS (SELECT 1 FROM token_generations g WHERE g."FamilyId" = f."Id" AND g."State" <> {Spent})
            UNION ALL SELECT "FamilyId" FROM token_generations WHERE "State" = {Current} GROUP BY "FamilyId" HAVING COUNT(*) > 1
            """,
            $"""UPDATE token_generations SET "State" = {Spent}"""),
        new(
            "a device that has signed in has tokens in use",
            $"""SELECT "DeviceId" FROM token_families f WHERE "SignedIn" AND NOT EXISTS (SELECT 1 FROM token_generations g WHERE g."FamilyId" = f."Id" AND g."State" = {Current})""",
            """UPDATE token_generations SET "State" = 0"""),
        new(
            "the access token of a spent generation is forgotten, those of others are known",
            $"""
            SELECT g."FamilyId" FROM token_generations g JOIN token_families f ON f."Id" = g."FamilyId"
            WHERE f."DeviceId" IS NOT NULL AND (g."AccessHash" IS NULL) <> (g."State" = {Spent})
            """,
            """UPDATE token_generations SET "AccessHash" = NULL"""),
        new(
            "a one-time token was used for a device and a family, or not at all, and only by the device that it is for",
            """
            SELECT "UsedBy" FROM one_time_tokens WHERE ("UsedBy" IS NULL) <> ("FamilyId" IS NULL) OR ("UsedBy" IS NOT NULL AND "BoundTo" IS NOT NULL AND "BoundTo" <> "UsedBy")
            """,
            """UPDATE one_time_tokens SET "FamilyId" = NULL"""),
    ];

    private static IEnumerable<StoreRule> Subscriptions() =>
    [
        new(
            "the notifications of a subscription are those from the oldest to the last, without a gap",
            """
            SELECT s."Id" FROM subscriptions s JOIN deliveries d ON d."SubscriptionId" = s."Id" WHERE d."Oldest" > s."NextNumber" OR s."NextNumber" - d."Oldest" <> (
                SELECT COUNT(*) FROM notifications n WHERE n."SubscriptionId" = s."Id" AND n."Number" >= d."Oldest" AND n."Number" < s."NextNumber")
            OR EXISTS (SELECT 1 FROM notifications n WHERE n."SubscriptionId" = s."Id" AND (n."Number" < d."Oldest" OR n."Number" >= s."NextNumber"))
            """,
            """UPDATE subscriptions SET "NextNumber" = "NextNumber" + 1"""),
        new(
            "a subscription whose notifications wait has its turn",
            """
            SELECT s."Id" FROM subscriptions s JOIN deliveries d ON d."SubscriptionId" = s."Id" WHERE d."Oldest" < s."NextNumber" AND (d."DueAt" IS NULL OR d."NextAttemptAt" IS NULL)
            """,
            """UPDATE deliveries SET "DueAt" = NULL, "Oldest" = "Oldest" - 1"""),
        new(
            "what was delivered was numbered, and waits no more",
            """SELECT "SubscriptionId" FROM deliveries WHERE "DeliveredNumber" >= "Oldest" """,
            """UPDATE deliveries SET "DeliveredNumber" = "Oldest" """),
        new(
            "a subscription that was just made has told nothing, and its event waits",
            $"""
            SELECT s."Id" FROM subscriptions s WHERE s."Phase" = {Made} AND (s."NextNumber" <> 0
            OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o."SubscriptionId" = s."Id" AND o."Kind" = {SubscriptionMade}))
            """,
            $"""UPDATE subscriptions SET "Phase" = {Made}"""),
        new(
            "the event of a subscription that is ending waits",
            $"""
            SELECT s."Id" FROM subscriptions s WHERE s."Phase" = {Ending}
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o."SubscriptionId" = s."Id" AND o."Kind" = {SubscriptionCancelled})
            """,
            $"""UPDATE subscriptions SET "Phase" = {Ending}"""),
        new(
            "the last notification of a subscription that has ended is its end, and waits",
            $"""
            SELECT s."Id" FROM subscriptions s WHERE s."Phase" = {Ended} AND NOT EXISTS (
                SELECT 1 FROM notifications n WHERE n."SubscriptionId" = s."Id" AND n."Number" = s."NextNumber" - 1 AND n."Kind" = {SubscriptionCancelled})
            """,
            $"""UPDATE subscriptions SET "Phase" = {Ended}"""),
        new(
            "a subscription to a device or a resource is to one of its user, or the event that ends it waits",
            $"""
            SELECT s."Id" FROM subscriptions s WHERE s."Phase" <= {Live} AND s."DeviceId" IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM devices d WHERE d."Id" = s."DeviceId" AND d."UserId" = s."UserId")
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o."DeviceId" = s."DeviceId" AND o."Kind" = {DeviceUnregistered})
            UNION ALL
            SELECT s."Id" FROM subscriptions s WHERE s."Phase" <= {Live} AND s."Href" IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM links l WHERE l."DeviceId" = s."DeviceId" AND l."Href" = s."Href")
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o."DeviceId" = s."DeviceId" AND o."Kind" IN ({DeviceUnregistered}, {ResourcesUnpublished}))
            """,
            """DELETE FROM devices"""),
    ];

    private static IEnumerable<StoreRule> Outbox() =>
    [
        new(
            "an event of a device names it, one of links or a representation carries it",
            """
            SELECT 'outbox ' || "Id" FROM outbox WHERE ("Kind" BETWEEN 1 AND 7 AND "DeviceId" IS NULL) OR ("Kind" BETWEEN 5 AND 7 AND "Payload" IS NULL)
            OR ("Kind" = 7 AND "Href" IS NULL) OR ("Kind" IN (8, 105) AND "SubscriptionId" IS NULL)
            """,
            """INSERT INTO outbox ("Id", "Kind", "UserId", "Session", "At") VALUES (1000000000, 5, '00000000-0000-0000-0000-000000000001', 0, 0)"""),
    ];

    private static IEnumerable<StoreRule> Counted() =>
    [
        new(
            "the access rules of a user have all positions from the first on",
            """SELECT "UserId" FROM access_rules GROUP BY "UserId" HAVING COUNT(*) <> MAX("Position") + 1""",
            """UPDATE access_rules SET "Position" = "Position" + 1000"""),
        new("the steps of a share have all numbers", """SELECT "ShareId" FROM share_steps GROUP BY "ShareId" HAVING COUNT(*) <> MAX("Number") - MIN("Number") + 1"""),
        new(
            "a share token that was used has its share",
            """SELECT t."Id" FROM shares s JOIN share_tokens t ON t."Id" = s."TokenId" WHERE t."CameraId" <> s."CameraId" """),
    ];
}
