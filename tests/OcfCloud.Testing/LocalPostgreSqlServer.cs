using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OcfCloud.Testing;

/// <summary>A server of the machine's own PostgreSQL in a new directory: 127.0.0.1, a free port, nothing that survives the run.</summary>
internal sealed class LocalPostgreSqlServer : IPostgreSqlServer
{
    private readonly string _binaries;
    private readonly string _directory;

    private LocalPostgreSqlServer(string binaries, string directory, int port)
    {
        _binaries = binaries;
        _directory = directory;
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=ocfcloud;Database=postgres";
    }

    public string Origin => $"initdb of {_binaries}";

    public string ConnectionString { get; }

    /// <summary>The newest installed version's programs; null where none is.</summary>
    public static string? FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Where(d => int.TryParse(Path.GetFileName(d), out _) && File.Exists(Path.Combine(d, "bin", "initdb")))
                .OrderByDescending(d => int.Parse(Path.GetFileName(d)))
                .Select(d => Path.Combine(d, "bin"))
                .FirstOrDefault()
            : null;

    public static async Task<LocalPostgreSqlServer> StartAsync(string binaries)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"ocfcloud-postgres-{Guid.NewGuid():N}");
        Directory.CreateDirectory(directory);
        // PostgreSQL refuses to run as root.
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", directory);
        var server = new LocalPostgreSqlServer(binaries, directory, FreePort());
        try
        {
            await server.RunAsServerUserAsync("initdb", "-D", Path.Combine(directory, "data"), "-U", "ocfcloud", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
            var port = new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString).Port;
            await server.RunAsServerUserAsync(
                "pg_ctl", "-D", Path.Combine(directory, "data"), "-l", Path.Combine(directory, "log"), "-w", "-t", "60", "start", "-o",
                $"-p {port} -k {directory} -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_directory, "data", "postmaster.pid")))
            await RunAsServerUserAsync("pg_ctl", "-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w", "stop");
        Directory.Delete(_directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunAsServerUserAsync(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(_binaries, program), .. arguments])
            : RunAsync(Path.Combine(_binaries, program), arguments);

    // The server inherits the output of pg_ctl and keeps it open: only the exit is waited for, so nothing is piped.
    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments])
        {
            WorkingDirectory = "/",
        })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
