using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.Core.Storage;
using OcfCloud.Host.Files;
using OcfCloud.Host.Settings;
using OcfCloud.Storage.Sqlite;

namespace OcfCloud.Host.Commands;

/// <summary><c>backup</c>.</summary>
internal static class BackupCommand
{
    public static Command Describe(CommandScope scope)
    {
        var file = new Argument<string>("FILE") { Description = "Where the copy goes; there must be nothing yet." };
        return scope.Describe("backup", "Copies the store, also while the cloud runs. Only with SQLite: PostgreSQL has pg_dump.", [file], (parsed, output, _) =>
        {
            if (scope.Source.Read(CloudSettings.Provider) != StoreProvider.Sqlite)
            {
                throw new CommandRefusedException("The store is in PostgreSQL, which has tools of its own for this: see pg_dump.");
            }

            // As it lies there: a copy before an update is one of the old version.
            var database = new DataFolder(scope.Source.Read(CloudSettings.DataDirectory)).Database;
            if (!File.Exists(database)) throw new CommandRefusedException($"There is no {database}.");
            var target = Path.GetFullPath(parsed.GetValue(file)!);
            AtomicFile.MakeSecret(target, fresh => SqliteBackup.Copy(database, fresh));
            output.Say($"Copied {database} to {target}. The files in pki and keys belong to it.");
            output.Value(new JsonObject { ["file"] = target, ["bytes"] = new FileInfo(target).Length });
            return Task.CompletedTask;
        });
    }
}
