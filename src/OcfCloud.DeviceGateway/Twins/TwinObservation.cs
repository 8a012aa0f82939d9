using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>One observation of the twin: ended once, whoever is first.</summary>
internal sealed class TwinObservation : IDisposable
{
    private readonly Lock _gate = new();
    private ResourceObservation? _observation;
    private bool _isOver;

    public TwinObservation(Action<ReadOnlyMemory<byte>, uint?> seen, Action<TwinObservation> ended) => Observer = new TwinObserver(seen, () => ended(this));

    /// <summary>What the observation delivers to.</summary>
    public TwinObserver Observer { get; }

    /// <summary>The observation that delivers.</summary>
    public void Set(ResourceObservation observation)
    {
        lock (_gate)
        {
            _observation = observation;
            if (!_isOver)
                return;
        }

        observation.Remove(Observer);
    }

    public void Dispose()
    {
        ResourceObservation? observation;
        lock (_gate)
        {
            _isOver = true;
            observation = _observation;
        }

        observation?.Remove(Observer);
        Observer.Abandon();
    }
}
