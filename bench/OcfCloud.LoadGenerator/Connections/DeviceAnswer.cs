using OcfCloud.Coap;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>What a device answers to every request, 2.05 with the same small representation, and to a Ping. All else is left alone.</summary>
internal static class DeviceAnswer
{
    // Head, token, options and payload of the longest.
    private const int Room = 96;

    // {"value": true, "id": "load-generator"}, one member of a state and one of text as lamps have them.
    private static readonly byte[] Representation =
        [0xa2, 0x65, .. "value"u8, 0xf5, 0x62, .. "id"u8, 0x6e, .. "load-generator"u8];

    // Content-Format 10000, marker, payload: the same behind every token.
    private static readonly byte[] Tail = [0xc2, 0x27, 0x10, 0xff, .. Representation];

    /// <summary>Room that an answer needs at most, in bytes.</summary>
    public static int MaxSize => Room;

    /// <summary>Writes the answer to a frame.</summary>
    /// <returns>Its size; 0 where the frame asks for none.</returns>
    public static int Write(in CoapFrame request, Span<byte> destination)
    {
        if (!request.Code.IsRequest)
            return request.Code == CoapCode.Ping ? new CoapFrameWriter(destination, CoapCode.Pong, request.Token).Finish() : 0;
        if (Observes(request, out var registers))
            return WriteObserved(request, registers, destination);

        var token = request.Token;
        destination[0] = (byte)((13 << 4) | token.Length);
        destination[1] = (byte)(Tail.Length - 13);
        destination[2] = CoapCode.Content.Value;
        var position = 3 + token.CopyTo(destination[3..]);
        Tail.CopyTo(destination[position..]);
        return position + Tail.Length;
    }

    private static bool Observes(in CoapFrame request, out bool registers)
    {
        var options = request.ReadOptions();
        while (options.MoveNext() && options.Current.Number <= (int)CoapOptionNumber.Observe)
        {
            if (options.Current.Number != (int)CoapOptionNumber.Observe)
                continue;
            // RFC 7641, 2: 0 registers, 1 deregisters.
            registers = options.Current.TryGetUInt32(out var value) && value == 0;
            return true;
        }

        registers = false;
        return false;
    }

    private static int WriteObserved(in CoapFrame request, bool registers, Span<byte> destination)
    {
        var writer = new CoapFrameWriter(destination, CoapCode.Content, request.Token);
        if (registers)
            writer.WriteOption(CoapOptionNumber.Observe, 1);
        writer.WriteOption(CoapOptionNumber.ContentFormat, CoapContentFormat.OcfCbor);
        writer.WritePayload(Representation);
        return writer.Finish();
    }
}
