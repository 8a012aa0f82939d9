using System.CommandLine;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary>How much is asked for how long.</summary>
internal sealed class LoadOptions
{
    private readonly Option<int> _connections = Number("--connections", "Connections, or pairs", 50, 10_000);
    private readonly Option<int> _depth = Number("--depth", "Requests in flight on each", 1, 64);
    private readonly Option<double> _warmUp = Seconds("--warm-up", "Before anything counts", 3);
    private readonly Option<double> _duration = Seconds("--duration", "While it counts", 10);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _connections, _depth, _warmUp, _duration })
            command.Add(option);
    }

    /// <summary>What was said.</summary>
    public Load Read(ParseResult parsed) => new(
        parsed.GetValue(_connections),
        parsed.GetValue(_depth),
        TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
        TimeSpan.FromSeconds(parsed.GetValue(_duration)));

    /// <summary>An option that takes a number from 1 on.</summary>
    public static Option<int> Number(string name, string description, int preset, int most)
    {
        var option = new Option<int>(name) { Description = $"{description} [{preset}]", HelpName = "N", DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > most))
                result.AddError($"{name}: {value} is not within 1 to {most}.");
        });
        return option;
    }

    /// <summary>An option that takes a time in seconds.</summary>
    public static Option<double> Seconds(string name, string description, double preset)
    {
        var option = new Option<double>(name)
        {
            Description = $"{description}, in seconds [{preset}]",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => preset,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is var value && value is not (> 0 and <= 3600))
                result.AddError($"{name}: {value} is not within 0 to 3600 seconds.");
        });
        return option;
    }
}
