using OcfCloud.Fuzzing.Engine;

namespace OcfCloud.Fuzzing.Targets;

/// <summary>A parser of the product, what is fed to it, and what has to be true of whatever comes of it.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name on the command line, and that of its folder in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>The longest input, in bytes.</summary>
    public virtual int MaxLength => 2048;

    /// <summary>What its inputs are made of.</summary>
    public virtual Grain Grain => Grain.Bytes;

    /// <summary>What one execution may allocate whatever its input is, in bytes.</summary>
    public virtual long FixedAllocation => 128 * 1024;

    /// <summary>What it may allocate for each byte of input besides, in bytes.</summary>
    public virtual long AllocationPerByte => 128;

    /// <summary>Inputs to begin with: what well-behaved peers send.</summary>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>What a mutation puts in as a whole: keywords, and values at limits.</summary>
    public virtual IEnumerable<byte[]> Words => [];

    /// <summary>Feeds one input to the parser; any exception is a finding.</summary>
    /// <param name="input">Valid during the call.</param>
    public abstract void Run(ReadOnlyMemory<byte> input);
}
