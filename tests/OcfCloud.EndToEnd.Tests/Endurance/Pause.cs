namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The time between two deeds of a member of the crowd.</summary>
internal static class Pause
{
    /// <summary>Ends early, without an exception, when everybody is told to stop.</summary>
    public static async Task ForAsync(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }
}
