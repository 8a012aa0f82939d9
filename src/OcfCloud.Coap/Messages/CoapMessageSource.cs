namespace OcfCloud.Coap;

/// <summary>Sends a message that owns its bytes.</summary>
internal readonly struct CoapMessageSource(CoapMessage message) : ICoapFrameSource
{
    public int MaxSize => message.MaxSize;

    public int Write(Span<byte> buffer) => message.Write(buffer);
}
