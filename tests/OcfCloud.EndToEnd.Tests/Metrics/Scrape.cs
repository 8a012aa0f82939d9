using System.Globalization;
using System.Text.RegularExpressions;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Metrics;

/// <summary>What <c>/metrics</c> of a cloud said at one moment.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _series = [];

    private Scrape(string text)
    {
        foreach (Match match in Line().Matches(text))
            _series.Add((match.Groups["name"].Value, match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
    }

    /// <summary>The names of all series.</summary>
    public IReadOnlySet<string> Names => _series.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);

    public static async Task<Scrape> OfAsync(Cloud cloud)
    {
        using var client = new HttpClient { BaseAddress = cloud.Http };
        return new Scrape(await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
    }

    /// <summary>The sum of a metric's series with these labels.</summary>
    /// <param name="name">The metric as Prometheus sees it.</param>
    /// <param name="labels">Labels, <c>name="value"</c>.</param>
    public double Of(string name, params string[] labels) =>
        _series.Where(one => one.Name == name && labels.All(label => one.Labels.Contains(label, StringComparison.Ordinal))).Sum(one => one.Value);

    [GeneratedRegex("""^(?<name>[A-Za-z_:][A-Za-z0-9_:]*)(\{(?<labels>.*)\})? (?<value>[^ \r\n]+)( [0-9]+)?\r?$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Line();
}
