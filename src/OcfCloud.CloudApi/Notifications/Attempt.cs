namespace OcfCloud.CloudApi.Notifications;

/// <summary>One attempt to deliver a notification.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Failure">Why it failed, in words without anything secret.</param>
/// <param name="RetryAfter">When the receiver wants to be asked again.</param>
internal readonly record struct Attempt(AttemptKind Kind, string? Failure = null, TimeSpan? RetryAfter = null)
{
    public static Attempt Failed(string failure) => new(AttemptKind.Failed, failure);
}
