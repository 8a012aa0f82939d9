using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The host on a data directory, without waiting for it to come up.</summary>
internal static class BareHost
{
    /// <summary>Settings are written without their prefix; the ports are any free ones unless they say otherwise.</summary>
    public static RunningProgram Launch(string dataDirectory, TestStore store, params IEnumerable<string> settings) => RunningProgram.Start(
        "dotnet",
        ["exec", Repository.Program("OcfCloud.Host"), .. Arguments(dataDirectory, settings)],
        [("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development"), RunningProgram.ShortLived, .. store.Environment]);

    /// <summary>The same as arguments alone.</summary>
    public static IEnumerable<string> Arguments(string dataDirectory, params IEnumerable<string> settings) =>
    [
        $"--OcfCloud:DataDirectory={dataDirectory}",
        .. Defaults.Where(d => !settings.Any(s => s.StartsWith(d.Key + "=", StringComparison.Ordinal))).Select(d => $"--OcfCloud:{d.Key}={d.Value}"),
        .. settings.Select(s => "--OcfCloud:" + s),
    ];

    private static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["Endpoints:Coaps"] = "127.0.0.1:0",
        ["Endpoints:Https"] = "127.0.0.1:0",
        ["Endpoints:Http"] = "127.0.0.1:0",
        ["Endpoints:Uplink"] = "127.0.0.1:0",
    };
}
