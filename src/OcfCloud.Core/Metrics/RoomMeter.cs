using System.Diagnostics.Metrics;

namespace OcfCloud.Core.Metrics;

/// <summary>Makes the meters of rooms; their names begin with <c>OcfCloud.</c>.</summary>
public static class RoomMeter
{
    /// <summary>The beginning of all of their names.</summary>
    public const string Prefix = "OcfCloud.";

    /// <summary>Makes the meter of a room.</summary>
    /// <param name="factory">The container's; null: nobody collects there (a command), and a meter that only this process's listeners find.</param>
    /// <param name="room">The room's name.</param>
    public static Meter Create(IMeterFactory? factory, string room) => factory?.Create(Prefix + room) ?? new Meter(Prefix + room);
}
