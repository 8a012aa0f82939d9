namespace OcfCloud.Fuzzing.Engine;

/// <summary>Inputs that went where none went before, from which others are made. Late ones are taken more often: what is behind them is least known.</summary>
internal sealed class InputQueue(Dice dice)
{
    private readonly List<byte[]> _inputs = [];

    /// <summary>How many there are.</summary>
    public int Count => _inputs.Count;

    /// <summary>All of them.</summary>
    public IReadOnlyList<byte[]> All => _inputs;

    public void Add(ReadOnlySpan<byte> input) => _inputs.Add(input.ToArray());

    /// <summary>One to change.</summary>
    public byte[] Pick()
    {
        var late = Math.Max(1, _inputs.Count / 8);
        return dice.Below(3) == 0 ? _inputs[^(1 + dice.Below(late))] : Any();
    }

    /// <summary>Any one; of three the shortest, which is run the fastest.</summary>
    public byte[] Any()
    {
        var shortest = _inputs[dice.Below(_inputs.Count)];
        for (var i = 0; i < 2; i++)
        {
            if (_inputs[dice.Below(_inputs.Count)] is var other && other.Length < shortest.Length) shortest = other;
        }

        return shortest;
    }
}
