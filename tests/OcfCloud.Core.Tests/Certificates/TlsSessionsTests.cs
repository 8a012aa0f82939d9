using System.Net.Security;
using System.Security.Authentication;
using OcfCloud.Core.Certificates;

namespace OcfCloud.Core.Tests.Certificates;

/// <summary>Sessions that may be resumed.</summary>
public sealed class TlsSessionsTests
{
    // Fails where a new runtime hides its TLS library otherwise: devices could resume nothing without anybody noticing.
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task None_is_kept_but_those_of_which_the_door_says_so(SslProtocols version)
    {
        Assert.True(TlsSessions.IsSupported);
        using var door = new TlsDoor();
        using var sessions = new TlsSessions();
        await using var first = await door.OpenAsync(version);
        sessions.Begin(first.Server);
        await using var second = await door.OpenAsync(version);
        await using var third = await door.OpenAsync(version);
        Assert.Equal(0, sessions.Count);

        sessions.Keep(second.Server);
        Assert.Equal(1, sessions.Count);
        sessions.Keep(second.Server);
        Assert.Equal(1, sessions.Count);
        sessions.Keep(third.Server);
        Assert.Equal(2, sessions.Count);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_door_that_is_over_keeps_none_and_the_next_with_the_same_certificate_does_again(SslProtocols version)
    {
        using var door = new TlsDoor();
        var former = new TlsSessions();
        await using var first = await door.OpenAsync(version);
        former.Begin(first.Server);
        await using var second = await door.OpenAsync(version);
        former.Keep(second.Server);
        Assert.Equal(1, former.Count);

        former.Dispose();
        former.Begin(second.Server);
        former.Keep(second.Server);
        Assert.Equal(0, former.Count);

        using var next = new TlsSessions();
        await using var third = await door.OpenAsync(version);
        next.Begin(third.Server);
        Assert.Equal(0, next.Count);
        await using var fourth = await door.OpenAsync(version);
        next.Keep(fourth.Server);
        Assert.Equal(1, next.Count);
    }

    // It is of other connections too, and one of them may have had it removed (OpenSSL keeps no count of a session that it does not find).
    [Fact]
    public async Task A_session_that_is_resumed_in_TLS_1_2_is_never_put_back()
    {
        using var door = new TlsDoor();
        using var sessions = new TlsSessions();
        await using var first = await door.OpenAsync(SslProtocols.Tls12);
        sessions.Begin(first.Server);
        await using var second = await door.OpenAsync(SslProtocols.Tls12, resumes: true);
        sessions.Keep(second.Server);
        await using var resumed = await door.OpenAsync(SslProtocols.Tls12, resumes: true);

        // Forgets all that were kept.
        using var next = new TlsSessions();
        next.Begin(first.Server);
        next.Keep(resumed.Server);

        Assert.Equal(0, next.Count);
    }

    [Fact]
    public void What_has_not_shaken_hands_yet_has_no_session()
    {
        using var tls = new SslStream(new MemoryStream());
        using var sessions = new TlsSessions();
        sessions.Begin(tls);
        sessions.Keep(tls);
        Assert.Equal(0, sessions.Count);
    }
}
