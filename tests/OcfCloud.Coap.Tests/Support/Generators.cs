using CsCheck;

namespace OcfCloud.Coap.Tests.Support;

/// <summary>Any message that can be written.</summary>
internal static class Generators
{
    /// <summary>Lengths around every border of the encodings, and others.</summary>
    private static readonly Gen<int> OptionLength = Gen.OneOf(Gen.Int[0, 20], Gen.OneOf(12, 13, 14, 268, 269, 270, 1000));

    private static readonly Gen<int> PayloadLength = Gen.OneOf(Gen.Int[0, 300], Gen.OneOf(0, 1, 11, 12, 13, 267, 268, 269, 65_803, 65_804, 65_805, 70_000));

    private static readonly Gen<int> OptionNumber = Gen.OneOf(Gen.Int[0, 300], Gen.OneOf(12, 13, 268, 269, 2049, 2053, 65_535), Gen.Int[0, 65_535]);

    private static readonly Gen<KeyValuePair<int, byte[]>> Option =
        Gen.Select(OptionNumber, OptionLength.SelectMany(n => Gen.Byte.Array[n]), KeyValuePair.Create);

    public static readonly Gen<CoapMessage> Message = Gen.Select(
        Gen.Byte, Gen.Byte.Array[0, 8], Option.Array[0, 6], PayloadLength, (code, token, options, payload) =>
        {
            var message = new CoapMessage(new CoapCode(code)) { Token = CoapToken.From(token), Payload = Bytes(payload) };
            foreach (var (number, value) in options)
                message.Options.Add(number, value);
            return message;
        });

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    public static bool Same(CoapMessage one, CoapMessage other) =>
        one.Code == other.Code && one.Token == other.Token && one.Payload.Span.SequenceEqual(other.Payload.Span)
        && one.Options.Count == other.Options.Count
        && one.Options.Zip(other.Options).All(p => p.First.Key == p.Second.Key && p.First.Value.Span.SequenceEqual(p.Second.Value.Span));
}
