using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Clients;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Commands;

/// <summary><c>client discover|get|post|observe|delete</c>: requests of a client device of the user.</summary>
internal static class ClientCommands
{
    private const string PathHelp = "/DEVICE-ID/HREF, NAME/HREF (light-1/light/switch), or HREF where one device has it";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Describes the commands.</summary>
    public static Command Describe(CommandContext context)
    {
        var client = new Command("client", "Reaches the user's devices through the cloud.");
        client.Subcommands.Add(DescribeDiscover(context));

        var path = new Argument<string>("PATH") { Description = PathHelp };
        var get = new Command("get", "Reads a resource and prints its representation as JSON.") { path };
        get.SetAction((parsed, cancellation) => AskAsync(context, parsed, CoapCode.Get, parsed.GetValue(path)!, body: null, cancellation));
        client.Subcommands.Add(get);

        var delete = new Command("delete", "Deletes a resource.") { path };
        delete.SetAction((parsed, cancellation) => AskAsync(context, parsed, CoapCode.Delete, parsed.GetValue(path)!, body: null, cancellation));
        client.Subcommands.Add(delete);

        var values = new Argument<string[]>("VALUE") { Description = "A JSON object, or key=value pairs", Arity = ArgumentArity.OneOrMore };
        var post = new Command("post", "Changes a resource.") { path, values };
        post.SetAction((parsed, cancellation) =>
            AskAsync(context, parsed, CoapCode.Post, parsed.GetValue(path)!, ParseBody(parsed.GetValue(values)!), cancellation));
        client.Subcommands.Add(post);

        var count = new Option<int?>("--count") { Description = "End after so many notifications [until Ctrl-C]", HelpName = "N" };
        var observe = new Command("observe", "Prints each representation of a resource on a line of its own.") { path, count };
        observe.SetAction((parsed, cancellation) => ObserveAsync(context, parsed, parsed.GetValue(path)!, parsed.GetValue(count), cancellation));
        client.Subcommands.Add(observe);
        return client;
    }

    private static Command DescribeDiscover(CommandContext context)
    {
        var types = new Option<string[]>("--rt") { Description = "Only resources of this type; repeatable", HelpName = "TYPE" };
        var interfaces = new Option<string[]>("--if") { Description = "Only resources with this interface; repeatable", HelpName = "INTERFACE" };
        var devices = new Option<string[]>("--device") { Description = "Only resources of this device; repeatable", HelpName = "DI" };
        var discover = new Command("discover", "Lists the resources of the user's devices.") { types, interfaces, devices };
        discover.SetAction(async (parsed, cancellation) =>
        {
            var given = parsed.GetValue(devices) ?? [];
            if (given.FirstOrDefault(d => !OcfUuid.TryParse(d, out _)) is { } wrong)
                throw CommandFailedException.WrongUsage($"--device: \"{wrong}\" is no UUID.");
            var query = (parsed.GetValue(types) ?? []).Select(t => $"rt={t}")
                .Concat((parsed.GetValue(interfaces) ?? []).Select(i => $"if={i}"))
                .Concat(given.Select(d => $"di={d.ToLowerInvariant()}"));

            var surroundings = context.Surroundings(parsed);
            await using var client = await ClientDevice.SignInAsync(surroundings, context, cancellation);
            var directory = new DeviceDirectory(client.Session, surroundings.Data);
            var (links, refusal) = await directory.DiscoverAsync(query, cancellation);
            if (refusal is not null)
                throw Refused(refusal);
            var names = await directory.NameAsync(links.Select(l => l.DeviceId), cancellation);
            context.Console.WriteTable(
                ["device", "status", "path", "types", "interfaces"],
                links.OrderBy(l => names[l.DeviceId].Name, StringComparer.Ordinal).ThenBy(l => l.Href, StringComparer.Ordinal).Select(l => new[]
                {
                    names[l.DeviceId].Name ?? "",
                    names[l.DeviceId].IsOnline ? "online" : "offline",
                    l.Href,
                    string.Join(' ', l.Types),
                    string.Join(' ', l.Interfaces),
                }));
            return ExitCodes.Done;
        });
        return discover;
    }

    private static async Task<int> AskAsync(
        CommandContext context, ParseResult parsed, CoapCode method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var surroundings = context.Surroundings(parsed);
        await using var client = await ClientDevice.SignInAsync(surroundings, context, cancellationToken);
        var target = await ResolveAsync(client.Session, surroundings, path, cancellationToken);
        var answer = await client.Session.AskAsync(method, target, body, cancellationToken);
        if (!answer.Code.IsSuccess)
            throw Refused(answer);
        var text = answer.Payload.IsEmpty ? answer.Code.ToString() : Represent(answer, Indented);
        await context.Console.Output.WriteLineAsync(text);
        return ExitCodes.Done;
    }

    private static async Task<int> ObserveAsync(CommandContext context, ParseResult parsed, string path, int? count, CancellationToken cancellationToken)
    {
        if (count < 1)
            throw CommandFailedException.WrongUsage($"--count: {count} is less than 1.");
        var surroundings = context.Surroundings(parsed);
        await using var client = await ClientDevice.SignInAsync(surroundings, context, cancellationToken);
        var target = await ResolveAsync(client.Session, surroundings, path, cancellationToken);
        var watch = new ResourceWatch(client.Session, target, context.Timing, context.Time);
        var left = count ?? int.MaxValue;
        await foreach (var line in watch.RunAsync(cancellationToken))
        {
            await context.Console.Output.WriteLineAsync(line.Notification is { } notification ? Represent(notification, options: null) : line.Words);
            if (line.Notification is not null && --left == 0)
                return ExitCodes.Done;
        }

        return ExitCodes.Done;
    }

    private static CommandFailedException Refused(CoapMessage answer) => new(AnswerText.Describe(answer));

    private static async Task<string> ResolveAsync(ClientSession client, Surroundings surroundings, string path, CancellationToken cancellationToken)
    {
        if (TargetPath.IsComplete(path))
            return TargetPath.Complete(path);
        var directory = new DeviceDirectory(client, surroundings.Data);
        var (links, refusal) = await directory.DiscoverAsync([], cancellationToken);
        if (refusal is not null)
            throw Refused(refusal);
        var names = await directory.NameAsync(links.Select(l => l.DeviceId), cancellationToken);
        try
        {
            return TargetPath.Resolve(path, links, names);
        }
        catch (FormatException e)
        {
            throw new CommandFailedException(e.Message);
        }
    }

    private static JsonObject ParseBody(string[] words)
    {
        try
        {
            return RepresentationInput.Parse(words);
        }
        catch (FormatException e)
        {
            throw CommandFailedException.WrongUsage(e.Message);
        }
    }

    private static string Represent(CoapMessage message, JsonSerializerOptions? options) =>
        RepresentationCodec.TryDecode(message.Payload, out var node)
            ? node?.ToJsonString(options) ?? "null"
            : $"{message.Payload.Length} bytes that are no representation";
}
