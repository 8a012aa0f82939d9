namespace OcfCloud.Identity.Tests;

public sealed class SharedReadTests
{
    [Fact]
    public async Task All_who_come_while_a_reading_runs_share_it_and_its_failure()
    {
        var readings = new List<TaskCompletionSource<int>>();
        var shared = new SharedRead<int>(() =>
        {
            readings.Add(new TaskCompletionSource<int>());
            return readings[^1].Task;
        });
        var waiting = Enumerable.Range(0, 20).Select(_ => shared.JoinAsync(TestContext.Current.CancellationToken)).ToList();
        Assert.Single(readings).SetException(new TimeoutException("the store"));
        foreach (var one in waiting) Assert.Equal("the store", (await Assert.ThrowsAsync<TimeoutException>(() => one)).Message);

        var next = shared.JoinAsync(TestContext.Current.CancellationToken);
        readings[1].SetResult(7);
        Assert.Equal(7, await next);
    }

    [Fact]
    public async Task One_who_gives_up_takes_it_from_nobody()
    {
        var reading = new TaskCompletionSource<int>();
        var shared = new SharedRead<int>(() => reading.Task);
        using var impatient = new CancellationTokenSource();
        var first = shared.JoinAsync(impatient.Token);
        var second = shared.JoinAsync(TestContext.Current.CancellationToken);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        reading.SetResult(7);
        Assert.Equal(7, await second);
    }
}
