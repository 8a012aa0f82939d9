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
    public async Task One_session_of_each_connection_is_kept_until_it_is_forgotten(SslProtocols version)
    {
        Assert.True(TlsSessions.IsSupported);
        using var door = new TlsDoor();
        using var sessions = new TlsSessions();
        await using var first = await door.OpenAsync(version);
        sessions.Begin(first.Server);
        var before = sessions.Count;

        await using var second = await door.OpenAsync(version);
        sessions.Begin(second.Server);
        await using var third = await door.OpenAsync(version);
        Assert.Equal(before + 2, sessions.Count);

        TlsSessions.Forget(second.Server);
        Assert.Equal(before + 1, sessions.Count);
        TlsSessions.Forget(second.Server);
        TlsSessions.Forget(third.Server);
        Assert.Equal(before, sessions.Count);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_door_that_is_over_keeps_none_although_it_still_shakes_hands(SslProtocols version)
    {
        using var door = new TlsDoor();
        var sessions = new TlsSessions();
        await using var first = await door.OpenAsync(version);
        sessions.Begin(first.Server);
        await using var second = await door.OpenAsync(version);
        using var watch = new TlsSessions();
        watch.Begin(second.Server);
        Assert.NotEqual(0, watch.Count);

        sessions.Dispose();
        Assert.Equal(0, sessions.Count);
        Assert.Equal(0, watch.Count);
        await using var third = await door.OpenAsync(version);
        sessions.Begin(third.Server);
        Assert.Equal(0, sessions.Count);
        Assert.Equal(0, watch.Count);
    }

    [Fact]
    public void What_has_not_shaken_hands_yet_has_no_session()
    {
        using var tls = new SslStream(new MemoryStream());
        using var sessions = new TlsSessions();
        sessions.Begin(tls);
        TlsSessions.Forget(tls);
        Assert.Equal(0, sessions.Count);
    }
}
