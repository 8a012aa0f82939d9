using System.CommandLine;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Commands;

/// <summary>What all commands share.</summary>
/// <param name="Options">The options that each takes.</param>
/// <param name="Console">Where they write.</param>
/// <param name="Timing">Waits towards the cloud.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandContext(SharedOptions Options, SimulatorConsole Console, CloudTiming Timing, TimeProvider Time)
{
    /// <summary>Where the cloud is, by the options of a command line.</summary>
    public Surroundings Surroundings(ParseResult parsed) => new(parsed, Options, Time);
}
