using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Fuzzing.Targets;

/// <summary>What has to be true after a parser ran.</summary>
internal static class Invariant
{
    /// <summary>Something has to be so.</summary>
    /// <exception cref="InvariantBrokenException">It is not.</exception>
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition) throw new InvariantBrokenException(what);
    }

#pragma warning disable VSTHRD002 // An execution is one call: it is complete, or waited for with a deadline.
    /// <summary>The answer of a task that has nothing to wait for: what an execution costs is measured on its own thread.</summary>
    public static T Finished<T>(Task<T> task)
    {
        Holds(task.IsCompleted, "nothing waits for anything");
        return task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Finished{T}(Task{T})"/>
    public static T Finished<T>(ValueTask<T> task)
    {
        Holds(task.IsCompleted, "nothing waits for anything");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>The answer of a task that others work on.</summary>
    public static T Comes<T>(Task<T> task, TimeSpan longest)
    {
        Holds(task.Wait(longest), "it comes to an end");
        return task.GetAwaiter().GetResult();
    }
#pragma warning restore VSTHRD002
}
