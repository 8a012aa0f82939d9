namespace OcfCloud.DeviceGateway.Resources;

/// <summary>The <c>expiresin</c> of answers: whole seconds, -1 = never (device-to-cloud.md, 3).</summary>
internal static class ExpiresIn
{
    private const long Never = -1;

    /// <summary>Of a lifetime that begins now; null = never.</summary>
    // No more than devices keep in 32 bits; none is told that a token which ends has no end.
    public static long Of(TimeSpan? lifetime) =>
        lifetime is { } ends ? Math.Clamp((long)ends.TotalSeconds, 0, int.MaxValue) : Never;
}
