namespace OcfCloud.DeviceGateway.Observations;

/// <summary>What a device said last of an observed resource. Its buffer is used again by the next value.</summary>
internal sealed class ObservedValue
{
    private byte[] _payload = [];
    private int _length;

    /// <summary>The code of the answer.</summary>
    public Coap.CoapCode Code { get; private set; }

    /// <summary>The payload's format; null: not said.</summary>
    public uint? Format { get; private set; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload => _payload.AsMemory(0, _length);

    public void Set(Coap.CoapCode code, uint? format, ReadOnlySpan<byte> payload)
    {
        Code = code;
        Format = format;
        if (_payload.Length < payload.Length)
            _payload = new byte[payload.Length];
        payload.CopyTo(_payload);
        _length = payload.Length;
    }
}
