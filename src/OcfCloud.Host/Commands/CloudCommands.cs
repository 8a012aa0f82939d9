using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.Host.Commands;

/// <summary><c>cloud add|list|test|remove</c>.</summary>
internal static class CloudCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group(
        "cloud", "Clouds whose accounts this cloud's users may link.", Add(scope), List(scope), Test(scope), Remove(scope));

    private static Command Add(CommandScope scope)
    {
        var options = new CloudRegistrationOptions(scope.Console);
        return scope.Describe("add", "Adds a cloud, or changes one of the same name, URL and client id: looks at what it says of itself and prints the redirect URI to register there.", options.Symbols, (parsed, output, cancellation) =>
        {
            var registration = options.Read(parsed);
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var register = services.GetRequiredService<LinkedCloudRegister>();
                    var added = await register.AddAsync(registration, cancellation);
                    Say(output, added.Findings);
                    if (added.Cloud is null) throw new CommandRefusedException(added.Refusal!);
                    if (added.IsUpdate) output.Say($"Changed {added.Cloud.Name}: all is as it was given now, its accounts stay linked.");
                    foreach (var (name, value) in Facts(added.Cloud, register)) output.Say($"{name}: {value}");
                    output.Value(new JsonObject([.. Members(added.Cloud, register), KeyValuePair.Create<string, JsonNode?>("changed", added.IsUpdate), KeyValuePair.Create<string, JsonNode?>("findings", Findings(added.Findings))]));
                },
                cancellation);
        });
    }

    private static Command List(CommandScope scope) => scope.Describe("list", "Lists the clouds.", [], (_, output, cancellation) => CommandStore.RunAsync(
        scope.Source,
        async services =>
        {
            var register = services.GetRequiredService<LinkedCloudRegister>();
            var clouds = await services.GetRequiredService<LinkedCloudStore>().ListAsync(cancellation);
            output.Table(
                ["NAME", "URL", "CLOUD ID", "CLIENT ID", "SCOPE"],
                [.. clouds.Select(cloud => new[] { cloud.Name, cloud.Url, cloud.CloudId.ToString("D"), cloud.ClientId, cloud.Scope })]);
            output.Value(new JsonArray([.. clouds.Select(cloud => new JsonObject(Members(cloud, register)))]));
        },
        cancellation));

    private static Command Test(CommandScope scope)
    {
        var name = Name();
        return scope.Describe("test", "Looks at a cloud again: metadata, TLS, API, client id and secret.", [name], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var asked = parsed.GetValue(name)!;
                var test = await services.GetRequiredService<LinkedCloudRegister>().TestAsync(asked, cancellation)
                    ?? throw new CommandRefusedException($"There is no linked cloud \"{asked}\".");
                Say(output, test.Findings);
                output.Value(new JsonObject { ["name"] = asked, ["good"] = test.IsGood, ["findings"] = Findings(test.Findings) });
                if (!test.IsGood)
                    throw new CommandRefusedException($"Not as it has to be: {string.Join(", ", test.Findings.Where(finding => !finding.IsGood).Select(finding => finding.Subject))}.");
            },
            cancellation));
    }

    private static Command Remove(CommandScope scope)
    {
        var name = Name();
        return scope.Describe("remove", "Removes a cloud: its devices go, its accounts are unlinked there.", [name], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var removed = await services.GetRequiredService<LinkedCloudRegister>().RemoveAsync(parsed.GetValue(name)!, cancellation);
                if (removed.Cloud is null) throw new CommandRefusedException(removed.Refusal!);
                output.Say($"Removed {removed.Cloud.Name}.");
                output.Value(new JsonObject { ["name"] = removed.Cloud.Name });
            },
            cancellation));
    }

    private static Argument<string> Name() => new("NAME") { Description = "The cloud's name." };

    private static void Say(CommandOutput output, IReadOnlyList<CloudFinding> findings)
    {
        foreach (var finding in findings) output.Say($"{(finding.IsGood ? "good" : "BAD ")}  {finding.Subject}: {finding.Words}");
    }

    private static JsonArray Findings(IReadOnlyList<CloudFinding> findings) => new([.. findings.Select(finding => new JsonObject
    {
        ["subject"] = finding.Subject,
        ["good"] = finding.IsGood,
        ["words"] = finding.Words,
    })]);

    private static IEnumerable<(string Name, string Value)> Facts(LinkedCloud cloud, LinkedCloudRegister register) =>
    [
        ("authorization endpoint", cloud.AuthorizationEndpoint),
        ("token endpoint", cloud.TokenEndpoint),
        ("revocation endpoint", cloud.RevocationEndpoint ?? "none"),
        ("scope", cloud.Scope),
        ("cloud id", cloud.CloudId.ToString("D")),
        ("redirect URI", register.RedirectUriOf(cloud.Name)),
    ];

    // Never the secret, nor the key.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(LinkedCloud cloud, LinkedCloudRegister register) =>
    [
        new("name", cloud.Name),
        new("url", cloud.Url),
        new("cloudId", cloud.CloudId.ToString("D")),
        new("clientId", cloud.ClientId),
        new("scope", cloud.Scope),
        new("issuer", cloud.Issuer),
        new("authorizationEndpoint", cloud.AuthorizationEndpoint),
        new("tokenEndpoint", cloud.TokenEndpoint),
        new("revocationEndpoint", cloud.RevocationEndpoint),
        new("redirectUri", register.RedirectUriOf(cloud.Name)),
    ];
}
