using OcfCloud.Core.Payloads;

namespace OcfCloud.Core.Tests.Payloads;

public class CborMapTests
{
    // {_ "di": (_ "a", "b"), "ttl": 3600, "neg": -5, "login": true, 1: 2, "links": [_ {_ "href": "/a", "if": [_ "x", (_ "y", "z")]}, {}], "p": {_ "bm": 3}}
    private const string Indefinite = "bf6264697f61616162ff6374746c190e10636e656724656c6f67696ef50102656c696e6b739fbf6468726566622f616269669f61787f6179617affffffa0ff6170bf62626d03ffff";

    [Fact]
    public void Indefinite_lengths_are_read_like_definite_ones()
    {
        var map = Read(Indefinite);

        Assert.Equal(CborMember.Found, map.Text("di", out var di));
        Assert.Equal("ab", di);
        Assert.Equal(CborMember.Found, map.Integer("ttl", out var ttl));
        Assert.Equal(3600, ttl);
        Assert.Equal(CborMember.Found, map.Integer("neg", out var negative));
        Assert.Equal(-5, negative);
        Assert.Equal(CborMember.Found, map.Boolean("login", out var login));
        Assert.True(login);
        Assert.Equal(CborMember.Found, map.Maps("links", out var links));
        Assert.Equal(2, links.Count);
        Assert.Equal(CborMember.Found, links[0].Text("href", out var href));
        Assert.Equal("/a", href);
        Assert.Equal(CborMember.Found, links[0].Texts("if", out var interfaces));
        Assert.Equal(["x", "yz"], interfaces);
        Assert.Empty(links[1].Members);
        Assert.Equal(CborMember.Found, map.Map("p", out var p));
        Assert.Equal(CborMember.Found, p!.Integer("bm", out var bm));
        Assert.Equal(3, bm);
    }

    [Fact]
    public void Keys_that_are_no_text_are_skipped() => Assert.Equal(["di", "links", "login", "neg", "p", "ttl"], Read(Indefinite).Members.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void An_absent_member_is_neither_found_nor_wrong()
    {
        var map = Read("a0");

        Assert.Equal(CborMember.Absent, map.Text("x", out var text));
        Assert.Equal("", text);
        Assert.Equal(CborMember.Absent, map.Integer("x", out _));
        Assert.Equal(CborMember.Absent, map.Boolean("x", out _));
        Assert.Equal(CborMember.Absent, map.Map("x", out _));
        Assert.Equal(CborMember.Absent, map.Maps("x", out _));
        Assert.Equal(CborMember.Absent, map.Texts("x", out _));
    }

    [Theory]
    [InlineData("01", "i")]
    [InlineData("3b7fffffffffffffff", "i")]
    [InlineData("1b8000000000000000", "")]
    [InlineData("3b8000000000000000", "")]
    [InlineData("fb3ff0000000000000", "")]
    [InlineData("c101", "")]
    [InlineData("6161", "t")]
    [InlineData("60", "t")]
    [InlineData("4161", "")]
    [InlineData("f5", "b")]
    [InlineData("f4", "b")]
    [InlineData("f6", "")]
    [InlineData("f7", "")]
    [InlineData("a0", "m")]
    [InlineData("80", "MT")]
    [InlineData("9fff", "MT")]
    [InlineData("81a0", "M")]
    [InlineData("816161", "T")]
    [InlineData("82a06161", "")]
    [InlineData("8101", "")]
    [InlineData("8180", "")]
    public void A_member_of_another_type_is_wrong(string value, string kinds)
    {
        var map = Read("a16178" + value);

        CborMember Expected(char kind) => kinds.Contains(kind, StringComparison.Ordinal) ? CborMember.Found : CborMember.WrongType;
        Assert.Equal(Expected('i'), map.Integer("x", out _));
        Assert.Equal(Expected('t'), map.Text("x", out _));
        Assert.Equal(Expected('b'), map.Boolean("x", out _));
        Assert.Equal(Expected('m'), map.Map("x", out _));
        Assert.Equal(Expected('M'), map.Maps("x", out _));
        Assert.Equal(Expected('T'), map.Texts("x", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("80")]
    [InlineData("c1a0")]
    [InlineData("a0a0")]
    [InlineData("a1")]
    [InlineData("bf")]
    [InlineData("a2616101616102")]
    [InlineData("bf61610178016102ff")]
    [InlineData("baffffffff")]
    public void What_is_no_map_or_not_well_formed_is_refused(string hex) => Assert.False(CborMap.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void The_least_and_the_greatest_integer_are_read()
    {
        var map = Read("a2616c3b7fffffffffffffff61671b7fffffffffffffff");

        map.Integer("l", out var least);
        map.Integer("g", out var greatest);

        Assert.Equal((long.MinValue, long.MaxValue), (least, greatest));
    }

    private static CborMap Read(string hex)
    {
        Assert.True(CborMap.TryRead(Convert.FromHexString(hex), out var map));
        return map;
    }
}
