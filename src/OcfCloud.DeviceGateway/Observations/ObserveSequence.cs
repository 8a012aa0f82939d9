namespace OcfCloud.DeviceGateway.Observations;

/// <summary>Numbers of an observation's notifications, 24 bits (RFC 7641, 3.4).</summary>
internal struct ObserveSequence
{
    // OCF stacks take 0 and 1 in an answer for what they are in a request: register and cancel.
    private const uint First = 2, Last = 0xff_ffff;

    private uint _next;

    /// <summary>The next number; starts over after the last one.</summary>
    public uint Next()
    {
        var number = Math.Max(_next, First);
        _next = number == Last ? First : number + 1;
        return number;
    }
}
