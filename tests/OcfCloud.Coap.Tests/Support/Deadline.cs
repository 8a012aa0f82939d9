namespace OcfCloud.Coap.Tests.Support;

/// <summary>How long a test waits for what has to come: nothing is decided by it.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(20);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Default, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(Default, TestContext.Current.CancellationToken);

    /// <summary>Waits until something holds that other tasks bring about.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Default);
        while (!holds())
            await Task.Delay(1, deadline.Token);
    }
}
