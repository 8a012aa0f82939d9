using System.Net;
using OcfCloud.DeviceGateway.Tls;

namespace OcfCloud.DeviceGateway.Tests.Tls;

public sealed class FairQueueTests
{
    private static readonly IPAddress Crowd = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.3");

    private readonly FairQueue<string> _queue = new();

    [Fact]
    public void An_address_with_many_waits_for_itself_and_the_others_take_turns_with_it()
    {
        for (var i = 1; i <= 4; i++) _queue.Enqueue(Crowd, $"crowd {i}");
        _queue.Enqueue(One, "one 1");
        _queue.Enqueue(One, "one 2");
        Assert.Equal("crowd 1", Next());
        _queue.Enqueue(Other, "other 1");

        Assert.Equal(["one 1", "crowd 2", "other 1", "one 2", "crowd 3", "crowd 4"], Enumerable.Range(0, 6).Select(_ => Next()));
        Assert.True(_queue.IsEmpty);
        Assert.False(_queue.TryDequeue(out _));
    }

    [Fact]
    public void An_address_that_was_served_comes_back_behind_those_that_wait()
    {
        _queue.Enqueue(One, "one 1");
        Assert.Equal("one 1", Next());
        _queue.Enqueue(Crowd, "crowd 1");
        _queue.Enqueue(One, "one 2");

        Assert.Equal(["crowd 1", "one 2"], Enumerable.Range(0, 2).Select(_ => Next()));
    }

    private string Next()
    {
        Assert.True(_queue.TryDequeue(out var next));
        return next;
    }
}
