using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Uplink;

/// <summary>Asks every camera that connects who it is; <see cref="CameraAdoption"/> makes of it what is to be made.</summary>
/// <remarks>It is also what opens HTTP/2 on an uplink: the preface, and with it the pings that the camera waits for, go out with the first request.</remarks>
internal sealed partial class CameraIdentity(
    ICameraCalls calls, CameraConnections connections, Store store, CameraAdoption adoption, IOptions<OnvifOptions> options, TimeProvider time, ILogger<CameraIdentity> logger)
{
    /// <summary>Asks until the camera answered or the uplink is over. Throws nothing.</summary>
    public async Task LookAsync(HeldUplink uplink)
    {
        var rest = options.Value.InformationRetryFirst;
        while (!uplink.IsOver)
        {
            try
            {
                if (await TryLookAsync(uplink)) return;
                await Task.Delay(rest, time, uplink.Stream.Ending);
            }
            catch (OperationCanceledException) when (uplink.IsOver)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e, uplink.Camera);
                await Task.Delay(rest, time, uplink.Stream.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            rest = rest * 2 < options.Value.InformationRetryMax ? rest * 2 : options.Value.InformationRetryMax;
        }
    }

    private async Task<bool> TryLookAsync(HeldUplink uplink)
    {
        var ending = uplink.Stream.Ending;
        var answer = await connections.ByAsync(uplink, () => calls.GetDeviceInformationAsync(uplink.Camera, ending));
        if (answer.Value is not { } information)
        {
            if (!uplink.IsOver) LogNotSaid(uplink.Camera, answer.Outcome, answer.Fault?.Reason);
            return false;
        }

        var known = await store.ReadAsync((context, token) => context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == uplink.Camera, token), ending);
        if (known is null) return true;
        if (CameraAdoption.IsNews(known, information))
            await store.WriteAsync((context, token) => adoption.TakeAsync(context, uplink.User, uplink.Camera, information, token), ending);
        connections.Announce(uplink.Camera);
        return true;
    }
}
