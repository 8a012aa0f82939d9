using System.Buffers;
using System.Net;
using System.Text;
using OcfCloud.Host.Endpoints.Proxies;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Tls = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01];

    [Theory]
    [InlineData("203.0.113.7:40000", "192.0.2.1:5684")]
    [InlineData("[2001:db8::7]:65535", "[2001:db8::1]:443")]
    public void A_client_s_addresses_are_read_and_what_follows_is_left(string source, string destination)
    {
        var bytes = HeaderBytes.Of(source, destination);

        var (header, rest) = ReadWhole([.. bytes, .. Tls]);

        Assert.Equal(IPEndPoint.Parse(source), header.Source);
        Assert.Equal(IPEndPoint.Parse(destination), header.Destination);
        Assert.Equal(Tls, rest);
    }

    [Fact]
    public void An_IPv4_address_in_the_form_of_IPv6_is_the_IPv4_address()
    {
        var (header, _) = ReadWhole(HeaderBytes.Of("[::ffff:203.0.113.7]:40000", "[::ffff:192.0.2.1]:5684"));

        Assert.Equal(IPEndPoint.Parse("203.0.113.7:40000"), header.Source);
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:5684"), header.Destination);
    }

    [Fact]
    public void What_a_proxy_adds_behind_the_addresses_is_skipped()
    {
        var (header, rest) = ReadWhole([.. HeaderBytes.Of("203.0.113.7:40000", more: [0x03, 0x00, 0x04, 1, 2, 3, 4, 0x04, 0x00, 0x00]), .. Tls]);

        Assert.Equal(IPEndPoint.Parse("203.0.113.7:40000"), header.Source);
        Assert.Equal(Tls, rest);
    }

    [Theory]
    [InlineData(HeaderBytes.Local, 0x00, 0)]
    [InlineData(HeaderBytes.Local, 0x11, 12)]
    [InlineData(HeaderBytes.Local, 0x11, 3)]
    [InlineData(HeaderBytes.Local, 0xFF, 7)]
    [InlineData(HeaderBytes.Proxy, 0x00, 0)]
    [InlineData(HeaderBytes.Proxy, 0x00, 5)]
    [InlineData(HeaderBytes.Proxy, 0x01, 0)]
    [InlineData(HeaderBytes.Proxy, 0x10, 12)]
    [InlineData(HeaderBytes.Proxy, 0x12, 12)]
    [InlineData(HeaderBytes.Proxy, 0x22, 36)]
    [InlineData(HeaderBytes.Proxy, 0x31, 216)]
    public void A_proxy_s_own_connection_and_other_protocols_name_nobody(byte command, byte family, int length)
    {
        var (header, rest) = ReadWhole([.. HeaderBytes.Of(command, family, new byte[length]), .. Tls]);

        Assert.Null(header.Source);
        Assert.Null(header.Destination);
        Assert.Equal(Tls, rest);
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(HeaderBytes.Proxy, 0x41, 216)]
    [InlineData(HeaderBytes.Proxy, 0x13, 12)]
    [InlineData(HeaderBytes.Proxy, 0x11, 11)]
    [InlineData(HeaderBytes.Proxy, 0x21, 35)]
    [InlineData(HeaderBytes.Proxy, 0x31, 215)]
    public void Unknown_versions_commands_and_families_and_blocks_that_are_too_short_are_invalid(byte command, byte family, int length) =>
        Assert.Equal(ProxyHeaderReading.Invalid, Read(HeaderBytes.Of(command, family, new byte[length])));

    [Fact]
    public void The_longest_header_is_read_and_one_byte_more_is_refused_before_it_has_come()
    {
        ReadWhole(HeaderBytes.Of(HeaderBytes.Proxy, 0x11, new byte[ProxyHeader.MaxLength - 16]));

        var longer = HeaderBytes.Of(HeaderBytes.Proxy, 0x11, new byte[ProxyHeader.MaxLength - 15]);
        Assert.Equal(ProxyHeaderReading.TooLong, Read(longer.AsMemory(0, 16)));
    }

    [Fact]
    public void Each_beginning_of_a_header_is_incomplete_however_its_bytes_come()
    {
        foreach (var header in new[] { HeaderBytes.Of("203.0.113.7:1", more: [4, 0, 0]), HeaderBytes.Of("[2001:db8::7]:1"), HeaderBytes.Of(HeaderBytes.Local, 0) })
        {
            for (var length = 0; length < header.Length; length++)
                Assert.Equal(ProxyHeaderReading.Incomplete, Read(header.AsMemory(0, length)));
            Assert.Equal(ProxyHeaderReading.Complete, Read(header));
        }
    }

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 40000 5684\r\n")]
    [InlineData("P")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\r\n\r\n\0\r\nQUIT ")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    public void Version_1_and_other_protocols_are_no_header_at_the_first_byte_that_differs(string text) =>
        Assert.Equal(ProxyHeaderReading.Absent, Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Broken_headers_are_read_in_bounds_and_never_past_their_length()
    {
        var random = new Random(20_260);
        byte[][] seeds =
        [
            HeaderBytes.Of("203.0.113.7:40000", more: [0x03, 0x00, 0x04, 1, 2, 3, 4]), HeaderBytes.Of("[2001:db8::7]:40000", "[2001:db8::1]:5684"),
            HeaderBytes.Of(HeaderBytes.Local, 0), HeaderBytes.Of(HeaderBytes.Proxy, 0x31, new byte[216]),
        ];
        var seen = new HashSet<ProxyHeaderReading>();
        for (var round = 0; round < 100_000; round++)
        {
            var bytes = seeds[random.Next(seeds.Length)].ToArray();
            // Three of four behind the signature: what differs there comes to an end at once.
            for (var changes = random.Next(3); changes > 0; changes--) bytes[random.Next(random.Next(4) == 0 ? 0 : 12, bytes.Length)] = (byte)random.Next(256);
            bytes = bytes[..random.Next(bytes.Length + 1)];
            if (random.Next(3) == 0) bytes = [.. bytes, .. Tls];

            var whole = new ReadOnlySequence<byte>(bytes);
            var reading = ProxyHeader.Read(whole, out var header, out var end);
            seen.Add(reading);
            var consumed = whole.Slice(0, end).Length;
            if (reading != ProxyHeaderReading.Complete)
            {
                Assert.Equal(0, consumed);
                Assert.Null(header.Source);
            }
            else
            {
                Assert.Equal(16 + (bytes[14] << 8) + bytes[15], consumed);
                Assert.Equal(header.Source is null, header.Destination is null);
            }

            // What came in parts is the same as what came at once.
            var parts = ByteSegment.SequenceOf(bytes);
            Assert.Equal(reading, ProxyHeader.Read(parts, out var again, out var partsEnd));
            Assert.Equal(header, again);
            Assert.Equal(consumed, parts.Slice(0, partsEnd).Length);
        }

        Assert.Equal([ProxyHeaderReading.Incomplete, ProxyHeaderReading.Complete, ProxyHeaderReading.Absent, ProxyHeaderReading.Invalid, ProxyHeaderReading.TooLong], seen.Order());
    }

    private static ProxyHeaderReading Read(ReadOnlyMemory<byte> bytes)
    {
        var reading = ProxyHeader.Read(new ReadOnlySequence<byte>(bytes), out _, out _);
        Assert.Equal(reading, ProxyHeader.Read(ByteSegment.SequenceOf(bytes), out _, out _));
        return reading;
    }

    private static (ProxyHeader Header, byte[] Following) ReadWhole(byte[] bytes)
    {
        var sequence = ByteSegment.SequenceOf(bytes);
        Assert.Equal(ProxyHeaderReading.Complete, ProxyHeader.Read(sequence, out var header, out var end));
        return (header, sequence.Slice(end).ToArray());
    }
}
