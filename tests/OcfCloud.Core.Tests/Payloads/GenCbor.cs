using System.Formats.Cbor;
using CsCheck;

namespace OcfCloud.Core.Tests.Payloads;

/// <summary>Makes CBOR, by the framework's own writer.</summary>
internal static class GenCbor
{
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.String[Gen.Char['a', 'z'], 0, 30], Gen.OneOf("", "ü", "\"\\\n\0", "\ud83d\ude00", "</script>"));

    /// <summary>Any item that has a form in JSON.</summary>
    public static Gen<byte[]> Lossless { get; } = Gen.Recursive<byte[]>((depth, inner) => depth < 4 ? Gen.OneOf(Leaf, Leaf, Array(inner), Map(inner)) : Leaf);

    /// <summary>Any item: byte strings and tags too.</summary>
    public static Gen<byte[]> Item { get; } = Gen.Recursive<byte[]>(
        (depth, inner) => depth < 4 ? Gen.OneOf(Leaf, Bytes, Tagged(inner), Array(inner), Map(inner)) : Gen.OneOf(Leaf, Bytes));

    private static Gen<byte[]> Leaf => Gen.OneOf(
        Gen.ULong.Select(v => Write(w => w.WriteUInt64(v))),
        Gen.UInt[0, 300].Select(v => Write(w => w.WriteUInt32(v))),
        Gen.ULong.Select(v => Write(w => w.WriteCborNegativeIntegerRepresentation(v))),
        Gen.Double.Where(double.IsFinite).Select(v => Write(w => w.WriteDouble(v))),
        Gen.Float.Where(float.IsFinite).Select(v => Write(w => w.WriteSingle(v))),
        Texts.Select(v => Write(w => w.WriteTextString(v))),
        Texts.Array[0, 3].Select(pieces => Write(w =>
        {
            w.WriteStartIndefiniteLengthTextString();
            foreach (var piece in pieces) w.WriteTextString(piece);
            w.WriteEndIndefiniteLengthTextString();
        })),
        Gen.Bool.Select(v => Write(w => w.WriteBoolean(v))),
        Gen.Const(Write(w => w.WriteNull())));

    private static Gen<byte[]> Bytes => Gen.Byte.Array[0, 20].Select(v => Write(w => w.WriteByteString(v)));

    private static Gen<byte[]> Tagged(Gen<byte[]> inner) => Gen.Select(Gen.UInt, inner).Select((tag, item) => Write(w =>
    {
        w.WriteTag((CborTag)tag);
        w.WriteEncodedValue(item);
    }));

    private static Gen<byte[]> Array(Gen<byte[]> inner) => Gen.Select(inner.Array[0, 4], Gen.Bool).Select((items, indefinite) => Write(w =>
    {
        w.WriteStartArray(indefinite ? null : items.Length);
        foreach (var item in items) w.WriteEncodedValue(item);
        w.WriteEndArray();
    }));

    private static Gen<byte[]> Map(Gen<byte[]> inner) => Gen.Select(Gen.Dictionary(Texts, inner)[0, 4], Gen.Bool).Select((members, indefinite) => Write(w =>
    {
        w.WriteStartMap(indefinite ? null : members.Count);
        foreach (var (name, value) in members)
        {
            w.WriteTextString(name);
            w.WriteEncodedValue(value);
        }
        w.WriteEndMap();
    }));

    private static byte[] Write(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return writer.Encode();
    }
}
