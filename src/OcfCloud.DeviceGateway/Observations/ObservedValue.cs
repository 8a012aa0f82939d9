using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>What a device said last of an observed resource. Its buffers are used again by the next value.</summary>
internal sealed class ObservedValue
{
    // RFC 7252, 5.10.6.
    private const int MaxETag = 8;

    private readonly byte[] _etag = new byte[MaxETag];
    private byte[] _payload = [];
    private int _etagLength;
    private int _length;

    /// <summary>The code of the answer.</summary>
    public CoapCode Code { get; private set; }

    /// <summary>The payload's format; null: not said.</summary>
    public uint? Format { get; private set; }

    /// <summary>Seconds that it stays fresh; null: not said.</summary>
    public uint? MaxAge { get; private set; }

    /// <summary>What tells this representation from others; empty: not said.</summary>
    public ReadOnlyMemory<byte> ETag => _etag.AsMemory(0, _etagLength);

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload => _payload.AsMemory(0, _length);

    public void Set(in CoapFrame answer, uint? format)
    {
        Code = answer.Code;
        Format = format;
        MaxAge = answer.TryFind(CoapOptionNumber.MaxAge, out var age) && age.TryGetUInt32(out var seconds) ? seconds : null;
        _etagLength = 0;
        if (answer.TryFind(CoapOptionNumber.ETag, out var etag) && etag.Value.Length <= MaxETag)
        {
            etag.Value.CopyTo(_etag);
            _etagLength = etag.Value.Length;
        }

        if (_payload.Length < answer.Payload.Length)
            _payload = new byte[answer.Payload.Length];
        answer.Payload.CopyTo(_payload);
        _length = answer.Payload.Length;
    }
}
