namespace OcfCloud.DeviceGateway.Observations;

/// <content>Values for many clients, or that have to be converted: not while the device's reading task waits.</content>
internal sealed partial class ResourceObservation : IThreadPoolWorkItem
{
    // Clients that are told while the device's reading task waits, or the gate is held for the next value.
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

    // The cloud's own observers always are: what the device said last before it goes has to be in the store.
    private bool IsAtOnce(Observer observer, ref int clients) => observer is not RemoteObserver client || (client.IsQuick(_value) && clients++ < AtOnce);

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
                Tell(_observers[_next], last: false);
                told++;
            }

            _isAside = told > 0;
            return _isAside;
        }
    }

    private void TellLast()
    {
        lock (_gate)
        {
            foreach (var observer in _observers)
                Tell(observer, last: true);
            _observers.Clear();
        }
    }

    // On the pool what one of them throws would end the process, and the others are not told.
    private void Tell(Observer observer, bool last)
    {
        try
        {
            if (last)
                observer.Deliver(_value, sequence: null, batch: null);
            else
                Deliver(observer, batch: null);
        }
        catch (Exception e)
        {
            hub.LogNotTold(e, device);
        }
    }
}
