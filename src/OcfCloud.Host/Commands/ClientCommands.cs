using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Host.Commands;

/// <summary><c>client add|list|rotate-secret|remove</c>.</summary>
internal static class ClientCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group(
        "client", "Clouds and apps that may ask this cloud's users for access.", Add(scope), List(scope), RotateSecret(scope), Remove(scope));

    private static Command Add(CommandScope scope)
    {
        var name = new Argument<string>("NAME") { Description = "What users are shown." };
        var uris = new Option<string[]>("--redirect-uri")
        {
            Description = "Where users are sent back to.",
            Required = true,
            HelpName = "URI",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };
        var scopes = new Option<string>("--scope")
        {
            Description = "The most that it may ask for.",
            HelpName = "SCOPES",
            DefaultValueFactory = _ => string.Join(' ', CloudScopes.OfPeerClouds),
        };
        var isPublic = new Option<bool>("--public") { Description = "It keeps no secret and uses PKCE." };
        return scope.Describe("add", "Registers a client.", [name, uris, scopes, isPublic], (parsed, output, cancellation) =>
        {
            if (!ScopeSet.TryParse(parsed.GetValue(scopes), out var asked)) throw new UsageException("--scope: scopes are separated by single spaces.");
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var registration = new ClientRegistration(parsed.GetValue(name)!, parsed.GetValue(uris)!, asked.ToString().Split(' '), parsed.GetValue(isPublic));
                    var added = Done(await services.GetRequiredService<CloudClients>().AddAsync(registration, cancellation));
                    output.Say($"client_id: {added.Client!.ClientId}");
                    output.Value(WithSecret(new JsonObject { ["client_id"] = added.Client.ClientId }, added, output));
                },
                cancellation);
        });
    }

    private static Command List(CommandScope scope) => scope.Describe("list", "Lists the clients.", [], (_, output, cancellation) => CommandStore.RunAsync(
        scope.Source,
        async services =>
        {
            var clients = await services.GetRequiredService<CloudClients>().ListAsync(cancellation);
            output.Table(
                ["CLIENT ID", "NAME", "REDIRECT URIS", "SCOPE", ""],
                [.. clients.Select(client => new[] { client.ClientId, client.Name, string.Join(' ', client.RedirectUris), string.Join(' ', client.Scopes), client.IsPublic ? "public" : "" })]);
            output.Value(new JsonArray([.. clients.Select(client => new JsonObject
            {
                ["client_id"] = client.ClientId,
                ["name"] = client.Name,
                ["redirect_uris"] = new JsonArray([.. client.RedirectUris.Select(uri => JsonValue.Create(uri))]),
                ["scope"] = string.Join(' ', client.Scopes),
                ["public"] = client.IsPublic,
            })]));
        },
        cancellation));

    private static Command RotateSecret(CommandScope scope)
    {
        var id = ClientId();
        return scope.Describe("rotate-secret", "Gives a client another secret; the old one is of no use from then on.", [id], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var rotated = Done(await services.GetRequiredService<CloudClients>().RotateSecretAsync(parsed.GetValue(id)!, cancellation));
                output.Value(WithSecret([], rotated, output));
            },
            cancellation));
    }

    private static Command Remove(CommandScope scope)
    {
        var id = ClientId();
        return scope.Describe("remove", "Removes a client: its tokens die.", [id], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var removed = Done(await services.GetRequiredService<CloudClients>().RemoveAsync(parsed.GetValue(id)!, cancellation)).Client!;
                output.Say($"Removed {removed.Name}.");
                output.Value(new JsonObject { ["client_id"] = removed.ClientId });
            },
            cancellation));
    }

    private static Argument<string> ClientId() => new("CLIENT_ID") { Description = "The client's id." };

    private static ClientChange Done(ClientChange change) => change.Client is not null ? change : throw new CommandRefusedException(change.Refusal!);

    // Shown here and nowhere else: the store has a hash.
    private static JsonObject WithSecret(JsonObject value, ClientChange change, CommandOutput output)
    {
        if (change.Secret is { } secret)
        {
            output.Say($"client_secret: {secret}");
            value["client_secret"] = secret;
        }

        return value;
    }
}
