namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>When the connections count: not while everything warms up, and not after the end.</summary>
internal sealed class MeasuringPhase
{
    private volatile bool _counts;
    private volatile bool _isOver;

    /// <summary>Whether an answer counts now.</summary>
    public bool Counts => _counts;

    /// <summary>Whether connections may end.</summary>
    public bool IsOver => _isOver;

    /// <summary>The warm-up is over.</summary>
    public void Begin() => _counts = true;

    /// <summary>The measurement is over.</summary>
    public void End()
    {
        _counts = false;
        _isOver = true;
    }
}
