namespace OcfCloud.Fuzzing.Engine;

/// <summary>Of many inputs the few short ones that go everywhere the many do.</summary>
/// <param name="run">Runs an input and says what it did.</param>
internal sealed class Minimisation(Func<byte[], int[]> run)
{
    /// <summary>Picks them, the one that adds the most first.</summary>
    /// <param name="inputs">All.</param>
    /// <param name="most">How many at most.</param>
    public List<byte[]> Pick(IReadOnlyList<byte[]> inputs, int most)
    {
        // Edges, whatever the number of times: it is what a corpus is kept for.
        var left = inputs.Select(input => (Input: input, Edges: EdgesOf(input))).ToList();
        var covered = new HashSet<int>();
        var picked = new List<byte[]>();
        while (picked.Count < most && left.Count > 0)
        {
            left.RemoveAll(one => one.Edges.IsSubsetOf(covered));
            if (left.Count == 0) break;
            var best = left.MaxBy(one => (one.Edges.Count(edge => !covered.Contains(edge)), -one.Input.Length));
            var needed = best.Edges.Except(covered).ToHashSet();
            covered.UnionWith(best.Edges);
            picked.Add(Shorten(best.Input, needed));
        }

        return picked;
    }

    // Takes out blocks as long as what it was picked for stays.
    private byte[] Shorten(byte[] input, HashSet<int> needed)
    {
        for (var block = Math.Max(1, input.Length / 2); block >= 1; block /= 2)
        {
            for (var at = 0; at + block <= input.Length && input.Length > block;)
            {
                byte[] shorter = [.. input[..at], .. input[(at + block)..]];
                if (needed.IsSubsetOf(EdgesOf(shorter))) input = shorter;
                else at += block;
            }

            if (block == 1) break;
        }

        return input;
    }

    private HashSet<int> EdgesOf(byte[] input) => [.. run(input).Select(feature => feature >> 8)];
}
