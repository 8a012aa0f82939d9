using System.Buffers.Binary;

namespace OcfCloud.Core.Twins;

/// <summary>A changed representation as an event carries it: its content format in two bytes, then its bytes.</summary>
internal static class TwinEventPayload
{
    public static byte[] Encode(ReadOnlySpan<byte> representation, int contentFormat)
    {
        var payload = new byte[sizeof(ushort) + representation.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)contentFormat);
        representation.CopyTo(payload.AsSpan(sizeof(ushort)));
        return payload;
    }

    public static (ReadOnlyMemory<byte> Representation, int ContentFormat) Decode(byte[] payload) =>
        (payload.AsMemory(sizeof(ushort)), BinaryPrimitives.ReadUInt16BigEndian(payload));
}
