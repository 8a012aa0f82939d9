using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Commands;

/// <summary><c>user add|list|password|remove</c>.</summary>
internal static class UserCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group(
        "user", "Who may own devices here.", Add(scope), List(scope), ChangePassword(scope), Remove(scope));

    private static Command Add(CommandScope scope)
    {
        var name = Name();
        var password = GivenPassword(scope);
        var administrator = new Option<bool>("--administrator") { Description = "May administer this cloud." };
        return scope.Describe("add", "Adds a user.", [name, .. password.Options, administrator], (parsed, output, cancellation) =>
        {
            var given = password.Read(parsed);
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var chosen = given ?? Password.Make();
                    var user = Done(await services.GetRequiredService<UserAccounts>().AddAsync(parsed.GetValue(name)!, chosen, parsed.GetValue(administrator), cancellation));
                    output.Say($"id: {user.Id:D}");
                    output.Value(Answer(new JsonObject { ["id"] = user.Id.ToString("D") }, given, chosen, output));
                },
                cancellation);
        });
    }

    private static Command List(CommandScope scope) => scope.Describe("list", "Lists the users.", [], (_, output, cancellation) => CommandStore.RunAsync(
        scope.Source,
        async services =>
        {
            var users = await services.GetRequiredService<UserAccounts>().ListAsync(cancellation);
            output.Table(["ID", "NAME", ""], [.. users.Select(user => new[] { user.Id.ToString("D"), user.UserName!, user.IsAdministrator ? "administrator" : "" })]);
            output.Value(new JsonArray([.. users.Select(user => new JsonObject
            {
                ["id"] = user.Id.ToString("D"),
                ["name"] = user.UserName,
                ["administrator"] = user.IsAdministrator,
            })]));
        },
        cancellation));

    private static Command ChangePassword(CommandScope scope)
    {
        var name = Name();
        var password = GivenPassword(scope);
        return scope.Describe("password", "Gives a user another password.", [name, .. password.Options], (parsed, output, cancellation) =>
        {
            var given = password.Read(parsed);
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var chosen = given ?? Password.Make();
                    Done(await services.GetRequiredService<UserAccounts>().SetPasswordAsync(parsed.GetValue(name)!, chosen, cancellation));
                    output.Value(Answer([], given, chosen, output));
                },
                cancellation);
        });
    }

    private static Command Remove(CommandScope scope)
    {
        var name = Name();
        return scope.Describe("remove", "Removes a user with all devices, tokens and data.", [name], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var user = Done(await services.GetRequiredService<UserAccounts>().RemoveAsync(parsed.GetValue(name)!, cancellation));
                output.Say($"Removed {user.UserName}.");
                output.Value(new JsonObject { ["id"] = user.Id.ToString("D"), ["name"] = user.UserName });
            },
            cancellation));
    }

    private static SecretOptions GivenPassword(CommandScope scope) => new(scope.Console, "--password", "password", "The password; without one a password is made and shown once.");

    private static Argument<string> Name() => new("NAME") { Description = "The user's name." };

    private static User Done(UserChange change) => change.User ?? throw new CommandRefusedException(change.Refusal!);

    // A password that was given is known to who gave it; one that was made is shown, once.
    private static JsonObject Answer(JsonObject value, string? given, string chosen, CommandOutput output)
    {
        if (given is null)
        {
            output.Say($"password: {chosen}");
            value["password"] = chosen;
        }

        return value;
    }
}
