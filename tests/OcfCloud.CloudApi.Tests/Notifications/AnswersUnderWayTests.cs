using OcfCloud.CloudApi.Notifications;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>The first notification does not overtake the 201.</summary>
public sealed class AnswersUnderWayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_waits_for_the_answer_that_tells_the_subscription()
    {
        var answers = new AnswersUnderWay();
        var id = Guid.NewGuid();
        var answer = answers.Begin();
        var waiting = answers.WaitAsync(id, Cancellation);
        Assert.False(waiting.IsCompleted);
        answer.Tell(id);
        await Task.Yield();
        Assert.False(waiting.IsCompleted);
        answer.Dispose();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task It_waits_for_no_other_answer()
    {
        var answers = new AnswersUnderWay();
        using var other = answers.Begin();
        using var refused = answers.Begin();
        var waiting = answers.WaitAsync(Guid.NewGuid(), Cancellation);
        Assert.False(waiting.IsCompleted);
        refused.Dispose();
        other.Tell(Guid.NewGuid());
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await answers.WaitAsync(Guid.NewGuid(), Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }
}
