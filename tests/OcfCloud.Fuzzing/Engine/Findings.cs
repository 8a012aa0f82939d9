using System.Security.Cryptography;
using OcfCloud.Fuzzing.Targets;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>Inputs that broke something, each kind once.</summary>
internal sealed class Findings(string folder, TextWriter output)
{
    // A parser that fails all the time says nothing new.
    private const int Most = 50;

    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

    /// <summary>How many kinds there are.</summary>
    public int Count => _kinds.Count;

    /// <summary>There are so many that going on is of no use.</summary>
    public bool AreTooMany => _kinds.Count >= Most;

    public void Add(ReadOnlySpan<byte> input, Exception e)
    {
        // Words of the library name values; of ours the digits do.
        var words = e is InvariantBrokenException ? new string([.. e.Message.Where(character => !char.IsAsciiDigit(character))]) : "";
        if (!_kinds.Add($"{e.GetType().Name} {words} {FrameOf(e)}")) return;
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input)[..8]));
        File.WriteAllBytes(path, input);
        File.WriteAllText(path + ".txt", e.ToString());
        output.WriteLine($"FOUND {path}: {e.GetType().Name}: {e.Message} {FrameOf(e)}");
    }

    private static string FrameOf(Exception e) =>
        e.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("at OcfCloud.", StringComparison.Ordinal) && !line.Contains("Invariant", StringComparison.Ordinal)) ?? "";
}
