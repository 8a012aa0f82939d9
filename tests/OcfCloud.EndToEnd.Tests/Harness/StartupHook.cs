using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

/// <summary>
/// What the runtime calls before <c>Main</c> where <c>DOTNET_STARTUP_HOOKS</c> names this assembly: see <see cref="OcfCloud.EndToEnd.Harness.CommandProcess"/> and
/// <see cref="OcfCloud.EndToEnd.Harness.SharedHosts"/>. Reads one command a line, runs the program's own <c>Main</c> with it, and prints one line about what came of it;
/// a line that is an order for a host is left to <see cref="OcfCloud.EndToEnd.Harness.HostOrders"/>.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this name.")]
[SuppressMessage("Design", "MA0047", Justification = "The runtime looks for this name.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        var main = Assembly.Load("OcfCloud.Host").EntryPoint!;
        var (commands, answers) = (Console.In, Console.Out);

        // The program takes hold of them once.
        using StringWriter output = new(), errors = new();
        Console.SetOut(output);
        Console.SetError(errors);
        OcfCloud.EndToEnd.Harness.HostOrders? hosts = null;
        while (commands.ReadLine() is { } line)
        {
            if (line.StartsWith('{'))
            {
                hosts ??= new OcfCloud.EndToEnd.Harness.HostOrders(main.DeclaringType!.Assembly, answers);
                hosts.Take(line);
                continue;
            }

            var exitCode = Run(main, JsonSerializer.Deserialize<string[]>(line)!, errors);
            answers.WriteLine(JsonSerializer.Serialize(new { ExitCode = exitCode, Output = TakeLines(output), Errors = TakeLines(errors) }));
        }

        Environment.Exit(0);
    }

    private static int Run(MethodInfo main, string[] command, TextWriter errors)
    {
        try
        {
            return (int)main.Invoke(null, [command])!;
        }
        catch (TargetInvocationException e)
        {
            errors.WriteLine(e.InnerException);
            return -1;
        }
        finally
        {
            // A command's end closes its database: a host that is killed beside it leaves one that nobody has open.
            Type.GetType("Microsoft.Data.Sqlite.SqliteConnection, Microsoft.Data.Sqlite")?.GetMethod("ClearAllPools")!.Invoke(null, null);
            Type.GetType("Npgsql.NpgsqlConnection, Npgsql")?.GetMethod("ClearAllPools")!.Invoke(null, null);
        }
    }

    private static string[] TakeLines(StringWriter writer)
    {
        var text = writer.ToString();
        writer.GetStringBuilder().Clear();
        return text.Split('\n')[..^1];
    }
}
