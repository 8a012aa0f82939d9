using System.Diagnostics.Metrics;

namespace OcfCloud.Testing;

/// <summary>What the meters of one container would export now.</summary>
public sealed class ExportedFigures : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, KeyValuePair<string, object?>[] Labels, double Value)> _figures = [];

    /// <summary>Listens to the meters that this factory made.</summary>
    public ExportedFigures(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Keep(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Keep(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>The sum of an observed instrument's figures, of those with this label.</summary>
    /// <param name="name">The instrument.</param>
    /// <param name="labels">Values that have to be among the labels.</param>
    public double Of(string name, params string[] labels)
    {
        lock (_figures) _figures.RemoveAll(figure => figure.Name == name);
        _listener.RecordObservableInstruments();
        lock (_figures)
        {
            return _figures.Where(figure => figure.Name == name && labels.All(label => figure.Labels.Any(one => (string?)one.Value == label))).Sum(figure => figure.Value);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_figures) _figures.Add((instrument.Name, labels.ToArray(), value));
    }
}
