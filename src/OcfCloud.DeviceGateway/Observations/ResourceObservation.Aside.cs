namespace OcfCloud.DeviceGateway.Observations;

/// <summary>Values for many observers, or that have to be converted: not while the device's reading task waits.</summary>
internal sealed partial class ResourceObservation : IThreadPoolWorkItem
{
    // As many are told while the gate is held, or the device's reading task waits.
    private const int AtOnce = 16;

    private int _next;
    private bool _isAside;

    // Who has not been told the newest value yet is: one that the next one overtakes is told to nobody any more (RFC 7641, 1.3).
    void IThreadPoolWorkItem.Execute()
    {
        while (TellSome())
        {
        }
    }

    private bool IsQuick()
    {
        if (_isAside || _observers.Count > AtOnce)
            return false;
        foreach (var observer in _observers)
        {
            if (!observer.IsQuick(_value))
                return false;
        }

        return true;
    }

    private void DeliverAside()
    {
        if (_isAside)
            return;
        _isAside = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TellSome()
    {
        lock (_gate)
        {
            var told = 0;
            for (var looked = 0; !_hasEnded && looked < _observers.Count && told < AtOnce; looked++)
            {
                // Goes round: with values that come fast nobody is always overtaken.
                _next = _next < _observers.Count - 1 ? _next + 1 : 0;
                if (_observers[_next].Told == _number)
                    continue;
                Deliver(_observers[_next], batch: null);
                told++;
            }

            _isAside = told > 0;
            return _isAside;
        }
    }

    private void TellLastAside()
    {
        lock (_gate)
            TellLast();
    }
}
