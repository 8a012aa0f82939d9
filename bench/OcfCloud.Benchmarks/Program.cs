using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OcfCloud.Benchmarks;

// A run of its own: sockets, a store and a minute, nothing to repeat a million times.
if (args is ["notifications"])
{
    await NotificationRun.RunAsync();
    return;
}

if (args is ["devices"])
{
    await DeviceListMeasurement.RunAsync();
    return;
}

// In one process, so that nothing is built anew; short, for it is the ratios within a run that say something.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .HideColumns(Column.Error, Column.StdDev, Column.RatioSD, Column.Gen0, Column.Gen1);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
