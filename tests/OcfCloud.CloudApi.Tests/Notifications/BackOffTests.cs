using OcfCloud.CloudApi.Notifications;

namespace OcfCloud.CloudApi.Tests.Notifications;

public sealed class BackOffTests
{
    private static readonly NotificationOptions Options = new() { RetryFirst = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 0.5, 2)]
    [InlineData(3, 0.5, 4)]
    [InlineData(6, 0.5, 32)]
    [InlineData(7, 0.5, 60)]
    [InlineData(1_000_000, 0.5, 60)]
    [InlineData(1, 0, 1)] // never before the first rest
    [InlineData(1, 1, 1.25)]
    [InlineData(4, 0, 6)]
    [InlineData(4, 1, 10)]
    [InlineData(7, 0, 45)]
    [InlineData(7, 1, 60)] // never after the longest
    public void Each_failure_doubles_the_rest_with_jitter_within_the_bounds(int failedAttempts, double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.After(Options, failedAttempts, null, random));

    [Theory]
    [InlineData(30, 30)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(3_600, 60)]
    public void What_the_receiver_asks_for_is_respected_up_to_the_longest_rest(int retryAfter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.After(Options, 1, TimeSpan.FromSeconds(retryAfter), 0.5));
}
