using System.Text.Json;
using System.Text.Json.Serialization;

namespace OcfCloud.Simulator.DataFiles;

/// <summary>
/// A JSON file that is replaced as a whole, so that a kill at any moment leaves the old or the new content, and that only its owner can read.
/// </summary>
/// <typeparam name="T">What the file holds.</typeparam>
internal sealed class StateFile<T>(string path)
    where T : class
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock _gate = new();

    /// <summary>Where the file is.</summary>
    public string Path { get; } = path;

    /// <summary>Reads the file; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public T? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Path} is no state of the simulator: {e.Message}", e);
        }
    }

    /// <summary>Replaces the file's content; durable when this returns.</summary>
    public void Write(T state)
    {
        lock (_gate)
        {
            var temporary = PrivateFile.WriteBeside(Path, JsonSerializer.SerializeToUtf8Bytes(state, Json));
            File.Move(temporary, Path, overwrite: true);
        }
    }

    /// <summary>Writes the file unless there is one already, whoever made it.</summary>
    /// <returns>What the file holds now.</returns>
    public T WriteIfAbsent(T state)
    {
        lock (_gate)
        {
            var temporary = PrivateFile.WriteBeside(Path, JsonSerializer.SerializeToUtf8Bytes(state, Json));
            try
            {
                File.Move(temporary, Path, overwrite: false);
                return state;
            }
            catch (IOException) when (File.Exists(Path))
            {
                File.Delete(temporary);
                return Read() ?? state;
            }
        }
    }
}
