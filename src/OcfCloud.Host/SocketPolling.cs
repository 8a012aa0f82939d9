namespace OcfCloud.Host;

/// <summary>How many threads poll the sockets: one a processor, for requests between devices are served on them. The runtime's own number serves thirty processors with one.</summary>
internal static class SocketPolling
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    // One alone could keep all waiting.
    private const int Least = 2;

    /// <summary>Must come before the first socket; what the operator has set stays.</summary>
    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null or "") Environment.SetEnvironmentVariable(Variable, $"{Math.Max(Least, Environment.ProcessorCount)}");
    }
}
