using Microsoft.Data.Sqlite;

namespace OcfCloud.Storage.Sqlite;

/// <summary>Copies of a store in a SQLite file.</summary>
public static class SqliteBackup
{
    /// <summary>Copies a database as it is at one moment; others read and write it meanwhile.</summary>
    /// <param name="database">The file to copy; it has to exist.</param>
    /// <param name="copy">The file to copy to: an empty one. Its mode stays.</param>
    /// <exception cref="IOException">One of them cannot be read or written, is no database, or the disk is full.</exception>
    public static void Copy(string database, string copy)
    {
        try
        {
            using var from = Open(database);
            using var to = Open(copy);
            from.BackupDatabase(to);

            // The copy is whole by itself: no log beside it.
            using var command = to.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=DELETE";
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw new IOException($"{database} could not be copied: {e.Message}", e);
        }
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
