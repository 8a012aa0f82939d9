using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core.Outbound;

namespace OcfCloud.Core.Tests.Outbound;

/// <summary>The check at the door, before a URL is kept.</summary>
public sealed class CheckedUrlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://example.org/events", OutboundRefusal.None)]
    [InlineData("https://example.org:8443/events?a=b", OutboundRefusal.None)]
    [InlineData("https://8.8.8.8/", OutboundRefusal.None)]
    [InlineData("https://[2606:4700:4700::1111]:99/", OutboundRefusal.None)]
    [InlineData("https://mixed.example/", OutboundRefusal.None)]
    [InlineData("https://unknown.example/", OutboundRefusal.None)]
    [InlineData("HTTPS://EXAMPLE.org/", OutboundRefusal.None)]
    [InlineData("http://example.org/", OutboundRefusal.NotHttps)]
    [InlineData("ftp://example.org/", OutboundRefusal.NotHttps)]
    [InlineData("file:///etc/passwd", OutboundRefusal.NotHttps)]
    [InlineData("//example.org/", OutboundRefusal.NotHttps)]
    [InlineData("example.org", OutboundRefusal.NotHttps)]
    [InlineData("https://", OutboundRefusal.NotHttps)]
    [InlineData("https:example.org", OutboundRefusal.NotHttps)]
    [InlineData("", OutboundRefusal.NotHttps)]
    [InlineData("h4v://\u0789abcde/", OutboundRefusal.NotHttps)]
    [InlineData("https://\u0789abcde/", OutboundRefusal.NotHttps)]
    [InlineData(" https://example.org/", OutboundRefusal.NotHttps)]
    [InlineData("https://example.org/events\n", OutboundRefusal.NotHttps)]
    [InlineData("https://example.org/a b", OutboundRefusal.NotHttps)]
    [InlineData("https://example.org/\0", OutboundRefusal.NotHttps)]
    [InlineData(null, OutboundRefusal.NotHttps)]
    [InlineData("https://user:password@example.org/", OutboundRefusal.UserInformation)]
    [InlineData("https://example.org/#top", OutboundRefusal.Fragment)]
    [InlineData("https://127.0.0.1/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://127.1/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://2130706433/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://0x7f000001/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://0177.0.0.1/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://[::1]:8443/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://[::ffff:10.0.0.1]/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://[fe80::1%25eth0]/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://169.254.169.254/latest/meta-data", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://private.example/", OutboundRefusal.ForbiddenAddress)]
    [InlineData("https://both-private.example/", OutboundRefusal.ForbiddenAddress)]
    public async Task A_URL_is_judged_by_its_form_and_by_every_address(string? url, OutboundRefusal expected) =>
        Assert.Equal(expected, await Guard(Resolve).CheckAsync(url, Cancellation));

    [Fact]
    public async Task A_name_that_takes_too_long_is_accepted_like_one_that_does_not_resolve()
    {
        var time = new FakeTimeProvider();
        var guard = new OutboundGuard(new OutboundOptions { ResolveTimeout = TimeSpan.FromSeconds(5) }, time, (_, _) => new TaskCompletionSource<IPAddress[]>().Task);
        var check = guard.CheckAsync("https://slow.example/", Cancellation);
        Assert.False(check.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(OutboundRefusal.None, await check.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task So_many_names_are_looked_up_at_once_and_one_that_nobody_waits_for_any_more_still_counts()
    {
        var time = new FakeTimeProvider();
        var lookups = new List<TaskCompletionSource<IPAddress[]>>();
        var options = new OutboundOptions { MaxLookups = 2 };
        var guard = new OutboundGuard(options, time, (_, _) =>
        {
            lookups.Add(new TaskCompletionSource<IPAddress[]>());
            return lookups[^1].Task;
        });
        var first = guard.CheckAsync("https://1.example/", Cancellation);
        var second = guard.CheckAsync("https://2.example/", Cancellation);
        var third = guard.CheckAsync("https://3.example/", Cancellation);
        Assert.Equal(2, lookups.Count);
        time.Advance(options.ResolveTimeout);
        foreach (var check in new[] { first, second, third }) Assert.Equal(OutboundRefusal.None, await check.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        var fourth = guard.CheckAsync("https://4.example/", Cancellation);
        Assert.Equal(2, lookups.Count);

        // The resolver gives one up.
        lookups[0].SetException(new SocketException((int)SocketError.HostNotFound));
        while (lookups.Count < 3) await Task.Delay(5, Cancellation);
        lookups[2].SetResult([IPAddress.Loopback]);
        Assert.Equal(OutboundRefusal.ForbiddenAddress, await fourth.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task A_name_that_hangs_takes_one_place_however_often_it_is_asked_for()
    {
        var time = new FakeTimeProvider();
        var hanging = new TaskCompletionSource<IPAddress[]>();
        var asked = new List<string>();
        var options = new OutboundOptions { MaxLookups = 2 };
        var guard = new OutboundGuard(options, time, (name, _) =>
        {
            asked.Add(name);
            return name.StartsWith("good", StringComparison.Ordinal) ? Task.FromResult<IPAddress[]>([IPAddress.Loopback]) : hanging.Task;
        });

        for (var round = 0; round < 3; round++)
        {
            var checks = Enumerable.Range(0, 10).Select(_ => guard.CheckAsync("https://Hangs.example/", Cancellation)).ToList();
            time.Advance(options.ResolveTimeout);
            foreach (var check in checks) Assert.Equal(OutboundRefusal.None, await check.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        }

        Assert.Single(asked);
        Assert.Equal(OutboundRefusal.ForbiddenAddress, await guard.CheckAsync("https://good.example/", Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Equal(OutboundRefusal.ForbiddenAddress, await guard.CheckAsync("https://good.example/", Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation));

        // All that wait for it hear of it, and afterwards it is looked up anew.
        var waiting = Enumerable.Range(0, 3).Select(_ => guard.CheckAsync("https://hangs.example/", Cancellation)).ToList();
        hanging.SetResult([IPAddress.Loopback]);
        foreach (var check in waiting) Assert.Equal(OutboundRefusal.ForbiddenAddress, await check.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        await guard.CheckAsync("https://hangs.example/", Cancellation);
        Assert.Equal(["hangs.example", "good.example", "good.example", "hangs.example"], asked);
    }

    [Fact]
    public async Task The_name_of_this_machine_is_refused_by_the_system_resolver_s_answer() =>
        Assert.Equal(OutboundRefusal.ForbiddenAddress, await new OutboundGuard(new OutboundOptions(), TimeProvider.System).CheckAsync("https://localhost:1/", Cancellation));

    private static OutboundGuard Guard(Func<string, CancellationToken, Task<IPAddress[]>> resolve) => new(new OutboundOptions(), TimeProvider.System, resolve);

    private static Task<IPAddress[]> Resolve(string name, CancellationToken cancellationToken) => name switch
    {
        "example.org" => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.215.14")]),
        "mixed.example" => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("93.184.215.14")]),
        "private.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.168.1.1")]),
        "both-private.example" => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Parse("10.0.0.1")]),
        _ => throw new SocketException((int)SocketError.HostNotFound),
    };
}
