using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using OcfCloud.Simulator.LogIn;
using OcfCloud.Simulator.Mediators;

namespace OcfCloud.Simulator.Commands;

/// <summary><c>login</c> and <c>logout</c>: the commands act for the user who logs in on the cloud's own page (RFC 8252).</summary>
internal static class LogInCommands
{
    private const string DefaultScope = "r:* w:* mediator offline_access";
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Describes <c>login</c>.</summary>
    public static Command DescribeLogIn(CommandContext context)
    {
        var client = new Option<string>("--client-id") { Description = "As which public client to ask [simulator]", HelpName = "ID", DefaultValueFactory = _ => "simulator" };
        var scope = new Option<string>("--scope") { Description = $"What to ask for [{DefaultScope}]", HelpName = "SCOPES", DefaultValueFactory = _ => DefaultScope };
        var wait = new Option<TimeSpan>("--wait") { Description = "How long to wait for the user [00:05:00]", HelpName = "HH:MM:SS", DefaultValueFactory = _ => TimeSpan.FromMinutes(5) };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Only print the address" };
        var command = new Command("login", "Logs a user in with a browser; the other commands then act for that user.") { client, scope, wait, noBrowser };
        command.SetAction((parsed, cancellation) => LogInAsync(
            context,
            context.Surroundings(parsed),
            new Wish(parsed.GetValue(client)!, parsed.GetValue(scope)!, parsed.GetValue(wait), context.Console.IsTerminal && !parsed.GetValue(noBrowser)),
            cancellation));
        return command;
    }

    /// <summary>Describes <c>logout</c>.</summary>
    public static Command DescribeLogOut(CommandContext context)
    {
        var command = new Command("logout", "Gives the tokens of login back.");
        command.SetAction((parsed, cancellation) => LogOutAsync(context, context.Surroundings(parsed), cancellation));
        return command;
    }

    private static async Task<int> LogInAsync(CommandContext context, Surroundings surroundings, Wish wish, CancellationToken cancellationToken)
    {
        if (wish.Wait <= TimeSpan.Zero || wish.Wait > LongestWait)
            throw CommandFailedException.WrongUsage($"--wait: {wish.Wait:c} is not above zero and at most {LongestWait:c}.");
        var url = surroundings.Url();
        using var server = await AuthorizationServer.FindAsync(url, surroundings.CloudAnchors, cancellationToken);
        using var redirect = new LoopbackRedirect(context.Time);
        var request = new AuthorizationRequest(server.Metadata, wish.ClientId, redirect.Uri, wish.Scope);
        await context.Console.Output.WriteLineAsync("Log in with a browser on this machine:");
        await context.Console.Output.WriteLineAsync(request.Uri.AbsoluteUri);
        if (wish.OpensBrowser)
            Open(request.Uri);

        var code = request.CodeOf(await AnswerAsync(context, redirect, request, wish.Wait, cancellationToken));
        var tokens = await server.RedeemAsync(request, code, cancellationToken);
        var record = new LogInRecord { Url = url.ToString(), ClientId = wish.ClientId, AccessToken = tokens.AccessToken }.Next(tokens, context.Time);
        new LogInFile(surroundings.Data).Keep(record);
        new MediatorFile(surroundings.Data).LeaveUser();
        await context.Console.Output.WriteLineAsync($"Logged in at {server.Metadata.Issuer} ({tokens.Scope ?? wish.Scope}).");
        return ExitCodes.Done;
    }

    private static async Task<AuthorizationAnswer> AnswerAsync(
        CommandContext context, LoopbackRedirect redirect, AuthorizationRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(wait, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await redirect.ReceiveAsync(answer => IsOurs(answer), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LogInFailedException($"Nobody logged in within {wait:c}.");
        }

        // An answer that somebody else's page sent here must neither log a stranger in nor end the wait (RFC 6749, 10.12).
        bool IsOurs(AuthorizationAnswer answer)
        {
            if (answer.State == request.State)
                return true;
            context.Console.Error.WriteLine("An answer came that belongs to another log-in (its state is not ours): it was not used.");
            return false;
        }
    }

    private static async Task<int> LogOutAsync(CommandContext context, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var file = new LogInFile(surroundings.Data);
        var record = file.Find(surroundings.Url());
        file.Forget();
        new MediatorFile(surroundings.Data).LeaveUser();
        if (record?.RefreshToken is { } refreshToken)
        {
            using var server = await AuthorizationServer.FindAsync(surroundings.Url(), surroundings.CloudAnchors, cancellationToken);
            await server.RevokeAsync(record.ClientId, refreshToken, cancellationToken);
        }

        await context.Console.Output.WriteLineAsync(record is null ? "Nobody was logged in." : "Logged out.");
        return ExitCodes.Done;
    }

    // The address is printed in any case: a machine without a browser is none that fails.
    private static void Open(Uri uri)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(uri.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // See above.
        }
    }

    private sealed record Wish(string ClientId, string Scope, TimeSpan Wait, bool OpensBrowser);
}
