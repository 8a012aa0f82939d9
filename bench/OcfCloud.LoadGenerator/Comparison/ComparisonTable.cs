using System.Globalization;
using System.Text;
using System.Text.Json;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Comparison;

/// <summary>The rows as a table: medians of all rounds.</summary>
internal static class ComparisonTable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Makes the table of the rows that were measured.</summary>
    /// <param name="lines">What the runs wrote.</param>
    /// <exception cref="LoadException">A line is no result.</exception>
    public static string Of(IEnumerable<string> lines)
    {
        var results = lines.Where(line => line.Length > 0).Select(Read).ToLookup(result => (result.Row ?? "", result.Server ?? ""));
        var table = new StringBuilder();
        table.AppendLine("| work | ours | compared with | its figure | ratio | must | aim | p99 in ms, ours and its | a second, ours and its |");
        table.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in Row.All)
        {
            var ours = results[(row.Name, Row.Ours)].ToList();
            if (ours.Count > 0)
                table.AppendLine(Line(row, ours, row.Peer is { } peer ? [.. results[peer]] : []));
        }

        return table.ToString();
    }

    private static string Line(Row row, List<Measured> ours, List<Measured> others)
    {
        var figure = Median(ours, Figure);
        if (row.Peer is null)
            return $"| {row.Work} | {Number(figure)} | {row.PeerName} | | | {Judged(figure, row.Must)} | {Judged(figure, row.Aim)} | | |";
        if (others.Count == 0)
            return $"| {row.Work} | {Number(figure)} | {row.PeerName} | not measured | | | | | |";
        var other = Median(others, Figure);
        var ratio = figure / other;
        return $"| {row.Work} | {Number(figure)} | {row.PeerName} | {Number(other)} | {Number(ratio)} | {Judged(ratio, row.Must)} | {Judged(ratio, row.Aim)} "
            + $"| {Number(Median(ours, one => one.P99))}, {Number(Median(others, one => one.P99))} "
            + $"| {Median(ours, one => one.RequestsPerSecond):0}, {Median(others, one => one.RequestsPerSecond):0} |";
    }

    private static double Figure(Measured result) =>
        result.KiBPerDevice ?? result.ServerCpuSecondsPer100000 ?? throw new LoadException($"a run of {result.Row} measured nothing");

    private static string Judged(double value, double limit) => $"≤ {limit.ToString(CultureInfo.InvariantCulture)}: {(value <= limit ? "yes" : "**no**")}";

    private static string Number(double value) => value switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static double Median(List<Measured> results, Func<Measured, double> figure)
    {
        var sorted = results.Select(figure).Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static Measured Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Measured>(line, Json)!;
        }
        catch (JsonException e)
        {
            throw new LoadException($"no result: {line}", e);
        }
    }
}
