using System.Runtime.InteropServices;
using OcfCloud.LoadGenerator.Commands;

// Before the first socket: what is to be measured needs the processor more than a hop through the thread pool does.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await GeneratorCommandLine.RunAsync(args, stop.Token);
