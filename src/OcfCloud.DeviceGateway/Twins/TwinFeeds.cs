using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>Feeds the twins of the devices that are signed in here, and follows the switch of each (device-to-cloud.md, 10).</summary>
internal sealed partial class TwinFeeds : IDisposable
{
    private readonly LiveSessions _sessions;
    private readonly DeviceAccounts _accounts;
    private readonly ILogger<TwinFeeds> _logger;
    private readonly IDisposable _hints;

    public TwinFeeds(
        LiveSessions sessions, DeviceAccounts accounts, ResourceDirectory directory, TwinWriter writer, ObservationHub observations, IHints hints,
        IOptions<DeviceGatewayOptions> options, TimeProvider time, ILogger<TwinFeeds> logger)
    {
        _sessions = sessions;
        _accounts = accounts;
        _logger = logger;
        Directory = directory;
        Writer = writer;
        Observations = observations;
        Options = options.Value;
        Time = time;
        _hints = hints.SubscribeAll(Receive);
    }

    public ResourceDirectory Directory { get; }

    public TwinWriter Writer { get; }

    public ObservationHub Observations { get; }

    public DeviceGatewayOptions Options { get; }

    public TimeProvider Time { get; }

    public TwinFeed Create(DeviceConnection connection, DeviceSession session) => new(this, connection, session, _logger);

    public void Dispose() => _hints.Dispose();

    private void Receive(Hint hint)
    {
        if (hint.Device is not { } device || _sessions.Find(device) is not { Session: { } session } connection)
            return;
        if (hint.Kind == EventKind.DeviceSettingsChanged)
            _ = FollowAsync(connection, session);
        else if (hint.Kind == EventKind.ResourcesUnpublished)
            connection.Twin?.LookAgain();
    }

    private async Task FollowAsync(DeviceConnection connection, DeviceSession session)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var isKept = await _accounts.FindAsync(session.Device, connection.Ended) is { TwinEnabled: true };
            // Also where it is on: it may have been off in between, and what was known is forgotten.
            connection.DropTwin();
            if (isKept)
                connection.KeepTwin(session);
        }
        catch (StoreUnavailableException e)
        {
            // The writer looks at the switch too; the next sign-in follows it.
            LogNotFollowed(e, session.Device);
        }
        catch (OperationCanceledException)
        {
            // The device is gone.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The twin's switch of device {Device} could not be read")]
    private partial void LogNotFollowed(Exception exception, DeviceId device);
}
