namespace OcfCloud.Core.Clock;

/// <summary>How a step of the system's clock is met (settings below <c>OcfCloud:Clock</c>).</summary>
public sealed class ClockOptions
{
    /// <summary>How long a step must have lasted before it is followed; zero = at once. Default 5 minutes.</summary>
    public TimeSpan SteadyAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What is less is followed at once, as a clock that is being adjusted. Default 10 seconds.</summary>
    public TimeSpan MaxStep { get; set; } = TimeSpan.FromSeconds(10);
}
