using Microsoft.Extensions.Logging;
using OcfCloud.Coap;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>
/// The requests of one peer to resources of the cloud, answered one after the other: a publish that follows a sign-in without waiting for its answer finds
/// the session. Work runs on the pool, for it asks the store.
/// </summary>
internal sealed partial class ResourceRequests(DeviceConnection connection, int most, ILogger logger) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private Queue<ResourceRequest>? _waiting;
    private bool _isBusy;
    private bool _closesAfterwards;

    /// <summary>Whether a request is being worked on.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _isBusy;
        }
    }

    /// <summary>Closes the connection when the request that is being worked on is answered; those that wait are dropped.</summary>
    /// <returns>False: nothing is being worked on, nothing will be closed.</returns>
    public bool TryCloseAfterwards()
    {
        lock (_lock)
        {
            _closesAfterwards = _isBusy;
            return _isBusy;
        }
    }

    /// <summary>Takes a request, on the reading task.</summary>
    /// <returns>False: too many wait.</returns>
    public bool TryEnqueue(ResourceRequest request)
    {
        lock (_lock)
        {
            _waiting ??= new Queue<ResourceRequest>();
            if (_waiting.Count >= most)
                return false;
            _waiting.Enqueue(request);
            connection.RequestBegins();
            if (_isBusy)
                return true;
            _isBusy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _ = ServeAllAsync();

    private async Task ServeAllAsync()
    {
        while (true)
        {
            ResourceRequest request;
            lock (_lock)
            {
                if (_closesAfterwards)
                {
                    connection.Coap.Close();
                    return;
                }

                if (!_waiting!.TryDequeue(out request))
                {
                    // Idle connections hold no queue.
                    _waiting = null;
                    _isBusy = false;
                    return;
                }
            }

            try
            {
                await ServeAsync(request);
            }
            catch (Exception e)
            {
                // The next ones are served.
                LogFailed(e, request.Message.Path);
            }
            finally
            {
                connection.RequestDone();
            }
        }
    }

    private async Task ServeAsync(ResourceRequest request)
    {
        if (connection.Ended.IsCancellationRequested)
            return;
        if (request.Target.Device is { } device)
        {
            // It came before the answer to a sign-in; where it goes now it is held anew.
            connection.LetGo(request.Bytes);
            connection.RouteLater(device, request.Message);
            return;
        }

        try
        {
            await ServeOwnAsync(request);
        }
        finally
        {
            connection.LetGo(request.Bytes);
        }
    }

    private async Task ServeOwnAsync(ResourceRequest request)
    {
        var answer = await AnswerAsync(request.Target.Resource!, request.Message);
        if (answer.Message is null)
            return;
        connection.RecordRefusal(request.Target.Resource!, request.Message.Code, answer);
        var isOut = connection.TrySendAsIs(request.Message, answer.Message, answer.WhenTooLarge);
        if (isOut)
            answer.Answered?.Invoke();
        else if (answer.Answered is not null)
            connection.RemoveObservation(request.Message.Token);
        if (answer.ClosesConnection)
            connection.Coap.Close();
        else
            connection.AfterAnswer();
    }

    private async Task<ResourceAnswer> AnswerAsync(ICloudResource resource, CoapMessage request)
    {
        if (connection.Session is null && resource.NeedsSession(request.Code))
            return ResourceAnswer.Refuse(CoapCode.Unauthorized, "not signed in", new(RefusalReason.NotSignedIn));
        try
        {
            var whole = request;
            if (request.IsBlockwise && !connection.Transfers.TryTake(request, out whole, out var atOnce, connection.MostBody))
                return ForDevices(atOnce!);
            return await resource.HandleAsync(connection, whole!, connection.Ended);
        }
        catch (StoreUnavailableException e)
        {
            LogStoreUnavailable(request.Path, e.Message);
            return DeviceConnection.Unavailable("the cloud's store does not answer");
        }
        catch (OperationCanceledException) when (connection.Ended.IsCancellationRequested)
        {
            return default;
        }
        catch (Exception e)
        {
            // Field: a 4.xx stops a device for good, so a fault of ours is never one.
            LogFailed(e, request.Path);
            return ResourceAnswer.Refuse(CoapCode.InternalServerError, "the cloud failed");
        }
    }

    // Field: devices take codes that they do not know for success (device-to-cloud.md, 2).
    private static ResourceAnswer ForDevices(CoapMessage answer) =>
        answer.Code == CoapCode.RequestEntityIncomplete ? ResourceAnswer.Refuse(CoapCode.BadRequest, "a block is missing") : answer;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request to {Path} was answered 5.03: {Reason}")]
    private partial void LogStoreUnavailable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed")]
    private partial void LogFailed(Exception exception, string path);
}
