namespace OcfCloud.EndToEnd.Wire;

/// <summary>Block-wise transfers as RFC 7959 and RFC 8323, 6 draw them, written plainly.</summary>
internal static class Blocks
{
    public const int Block2 = 23, Block1 = 27;

    private const int Bert = 7, BertUnit = 1024;

    /// <summary>Asks for a resource and for the further blocks of its answer; the last answer with the whole payload.</summary>
    public static async Task<WireMessage> DownloadAsync(WireConnection connection, WireMessage request)
    {
        var payload = new List<byte>();
        var next = request;
        while (true)
        {
            var answer = await connection.RequestAsync(next);
            Assert.True(answer.CodeText == "2.05", $"{answer.CodeText} after {payload.Count} bytes: {System.Text.Encoding.UTF8.GetString(answer.Payload)}");
            var block = answer.Find(Block2);
            Assert.NotNull(block);
            var (number, more, exponent) = Parse(block.Value);
            Assert.Equal(payload.Count, (int)number * SizeOf(exponent));
            payload.AddRange(answer.Payload);
            if (!more)
            {
                return answer with { Payload = [.. payload] };
            }

            Assert.Equal(0, answer.Payload.Length % SizeOf(exponent));
            next = request.With(WireOption.OfNumber(Block2, Of((uint)(payload.Count / SizeOf(exponent)), false, exponent))) with { Token = WireConnection.NewToken() };
        }
    }

    /// <summary>Sends a request's payload in blocks of <c>2^(exponent + 4)</c> bytes; the last answer.</summary>
    public static async Task<WireMessage> UploadAsync(WireConnection connection, WireMessage request, int exponent)
    {
        var size = SizeOf(exponent);
        for (var sent = 0; ; sent += size)
        {
            var more = sent + size < request.Payload.Length;
            var block = WireOption.OfNumber(Block1, Of((uint)(sent / size), more, exponent));
            var slice = request.Payload[sent..Math.Min(sent + size, request.Payload.Length)];
            var answer = await connection.RequestAsync(request.With(block) with { Token = WireConnection.NewToken(), Payload = slice });
            if (!more)
            {
                return answer;
            }

            Assert.Equal("2.31", answer.CodeText);
            Assert.Equal(block.Number32, answer.Find(Block1));
        }
    }

    public static (uint Number, bool More, int Exponent) Parse(uint value) => (value >> 4, (value & 8) != 0, (int)(value & 7));

    public static uint Of(uint number, bool more, int exponent) => (number << 4) | (more ? 8u : 0) | (uint)exponent;

    public static int SizeOf(int exponent) => exponent == Bert ? BertUnit : 16 << exponent;
}
