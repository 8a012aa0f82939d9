namespace OcfCloud.EndToEnd.Harness;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks until the answer is the expected one; at the deadline the last answer is in the failure.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> ask, TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? Deadline);
        using var poll = new PeriodicTimer(Period);
        var last = await ask();
        try
        {
            for (; !EqualityComparer<T>.Default.Equals(expected, last); last = await ask())
            {
                await poll.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Equal(expected, last);
        }
    }
}
