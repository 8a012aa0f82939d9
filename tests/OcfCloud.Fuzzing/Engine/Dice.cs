using System.Numerics;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>Fast random numbers that a seed repeats (xorshift64*).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed == 0 ? 1 : seed;

    /// <summary>Any number.</summary>
    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return BitOperations.RotateLeft(_state * 2685821657736338717, 31);
    }

    /// <summary>From 0 on, below a limit.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);
}
