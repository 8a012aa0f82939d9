using System.Runtime.InteropServices;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Commands;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await SimulatorCommandLine.RunAsync(args, SimulatorConsole.System, new CloudTiming(), TimeProvider.System, stop.Token);
