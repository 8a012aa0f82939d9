using System.Security.Cryptography;

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
        // Digits are sizes and positions.
        var kind = new string([.. $"{e.GetType().Name} {e.Message} {FrameOf(e)}".Where(character => !char.IsAsciiDigit(character))]);
        if (!_kinds.Add(kind)) return;
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input)[..8]));
        File.WriteAllBytes(path, input);
        File.WriteAllText(path + ".txt", e.ToString());
        output.WriteLine($"FOUND {path}: {e.GetType().Name}: {e.Message} {FrameOf(e)}");
    }

    private static string FrameOf(Exception e) =>
        e.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("at OcfCloud.", StringComparison.Ordinal) && !line.Contains("Invariant", StringComparison.Ordinal)) ?? "";
}
