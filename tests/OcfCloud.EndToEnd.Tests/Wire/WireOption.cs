using System.Text;

namespace OcfCloud.EndToEnd.Wire;

/// <summary>One CoAP option as it stands on the wire.</summary>
internal sealed record WireOption(int Number, byte[] Value)
{
    public const int Observe = 6, UriPath = 11, ContentFormat = 12, MaxAge = 14, UriQuery = 15, Accept = 17;
    public const int AcceptVersion = 2049, ContentVersion = 2053;

    public string Text => Encoding.UTF8.GetString(Value);

    public uint Number32 => Value.Aggregate(0u, (sum, b) => (sum << 8) | b);

    public static WireOption OfText(int number, string value) => new(number, Encoding.UTF8.GetBytes(value));

    public static WireOption OfNumber(int number, uint value)
    {
        var bytes = new List<byte>(4);
        for (; value > 0; value >>= 8)
        {
            bytes.Insert(0, (byte)value);
        }

        return new(number, [.. bytes]);
    }
}
