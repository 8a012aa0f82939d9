using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>Looks at the files of the device door's TLS at regular intervals.</summary>
internal sealed partial class DeviceTlsReload(DeviceTls tls, IOptions<DeviceTlsOptions> options, TimeProvider time, ILogger<DeviceTlsReload> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                tls.Refresh();
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading the files of the device door's TLS failed; the next look tries again")]
    private partial void LogFailed(Exception exception);
}
