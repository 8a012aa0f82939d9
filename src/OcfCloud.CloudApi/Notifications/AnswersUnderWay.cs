namespace OcfCloud.CloudApi.Notifications;

/// <summary>Subscriptions whose 201 is on its way to the subscriber: a first notification waits for it (cloud-to-cloud.md, 1.4).</summary>
/// <remarks>An answer is entered before the store is asked, for the dispatcher may be faster than the one who asked; so at first nobody knows its subscription.</remarks>
internal sealed class AnswersUnderWay
{
    private readonly Lock _lock = new();
    private readonly HashSet<Answer> _answers = [];

    /// <summary>Enters an answer. It has to be given or dropped.</summary>
    public Answer Begin()
    {
        var answer = new Answer(this);
        lock (_lock) _answers.Add(answer);
        return answer;
    }

    /// <summary>Waits until the answer that tells a subscription's id, where this process gives it, is out.</summary>
    public async Task WaitAsync(Guid subscription, CancellationToken cancellationToken)
    {
        Answer[] answers;
        lock (_lock) answers = [.. _answers];
        foreach (var answer in answers)
        {
            if (await answer.Subscription.WaitAsync(cancellationToken) != subscription) continue;
            await answer.Given.WaitAsync(cancellationToken);
            return;
        }
    }

    /// <summary>One of them.</summary>
    internal sealed class Answer(AnswersUnderWay all) : IDisposable
    {
        private readonly TaskCompletionSource<Guid?> _subscription = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whose answer it is; null where it came to none.</summary>
        public Task<Guid?> Subscription => _subscription.Task;

        /// <summary>Completed once it is written.</summary>
        public Task Given => _given.Task;

        /// <summary>Says whose answer it is.</summary>
        public void Tell(Guid subscription) => _subscription.TrySetResult(subscription);

        /// <summary>It is written, or will never be.</summary>
        public void Dispose()
        {
            lock (all._lock) all._answers.Remove(this);
            _subscription.TrySetResult(null);
            _given.TrySetResult();
        }
    }
}
