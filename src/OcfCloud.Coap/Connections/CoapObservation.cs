using System.Threading.Channels;

namespace OcfCloud.Coap;

/// <summary>
/// One observation of a resource of the peer (RFC 7641). Ends when it is disposed, by an error of the peer, and with the connection.
/// <code>
/// notification ─► queue ─► the rest of its blocks fetched (RFC 7959, 2.6) ─► receiver
/// </code>
/// </summary>
public sealed class CoapObservation : ICoapResponseReceiver, IAsyncDisposable
{
    // More than that and the oldest is left out: what counts is the newest (RFC 7641, 1.3).
    private const int MaxQueued = 16;

    private readonly CoapConnection _connection;
    private readonly CoapRequester _requester;
    private readonly CoapMessage _registration;
    private readonly Action<CoapMessage> _onNotification;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _disposed = new();
    private readonly TaskCompletionSource<CoapMessage> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<CoapMessage> _queue = Channel.CreateBounded<CoapMessage>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private CoapToken _token;
    private CoapRequestFailure _failure = CoapRequestFailure.ConnectionClosed;

    internal CoapObservation(
        CoapConnection connection, CoapRequester requester, CoapMessage registration, Action<CoapMessage> onNotification, TimeSpan timeout)
    {
        _connection = connection;
        _requester = requester;
        _registration = registration;
        _onNotification = onNotification;
        _timeout = timeout;
    }

    /// <summary>The first answer, whole.</summary>
    public CoapMessage Answer { get; private set; } = null!;

    /// <summary>Completes when no more notifications come; fails only where the receiver of notifications does.</summary>
    public Task<CoapObservationEnd> Ended { get; private set; } = Task.FromResult(new CoapObservationEnd());

    /// <summary>Tells the peer, by Observe 1 under the same token (RFC 7641, 3.6), and ends. A notification that is being handed over is finished.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await Ended;
    }

    void ICoapResponseReceiver.OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state) =>
        _queue.Writer.TryWrite(CoapMessage.From(response));

    void ICoapResponseReceiver.OnFailed(CoapRequestFailure failure, in CoapResponseState state)
    {
        _failure = failure;
        _queue.Writer.TryComplete();
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_registration.SizeWith(CoapToken.MaxLength) > _requester.PeerSize)
            throw new CoapRequestException(CoapRequestFailure.TooLarge);
        var deadline = _connection.Now + (long)_timeout.TotalMilliseconds;
        if (!_connection.Requests.TryAdd(this, default, deadline, keep: true, out _token))
            throw new CoapRequestException(_connection.IsClosing ? CoapRequestFailure.ConnectionClosed : CoapRequestFailure.Busy);
        _registration.Token = _token;
        var status = _connection.TrySend(_registration);
        if (status != CoapSendStatus.Sent)
        {
            _connection.Requests.Remove(_token);
            throw new CoapRequestException(status == CoapSendStatus.Full ? CoapRequestFailure.Busy : CoapRequestFailure.ConnectionClosed);
        }

        Ended = DeliverAsync();
        try
        {
            Answer = await _first.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<CoapObservationEnd> DeliverAsync()
    {
        try
        {
            await foreach (var notification in _queue.Reader.ReadAllAsync(_disposed.Token))
            {
                var whole = await _requester.DownloadAsync(_registration, notification, _timeout, _disposed.Token);
                _first.TrySetResult(whole);
                if (whole.Code.IsSuccess)
                    _onNotification(whole);
                // By an error, or without Observe, the peer has ended it (RFC 7641, 3.1, 3.2); an error of a later block ends our interest only.
                if (!notification.Code.IsSuccess || !notification.Options.Contains(CoapOptionNumber.Observe))
                    _connection.Requests.Remove(_token);
                else if (whole.Code.IsSuccess)
                    continue;
                return new CoapObservationEnd(Error: whole.Code.IsSuccess ? null : whole);
            }

            _first.TrySetException(new CoapRequestException(_failure));
            return new CoapObservationEnd(Failure: _failure);
        }
        catch (OperationCanceledException)
        {
            return new CoapObservationEnd();
        }
        catch (CoapRequestException e)
        {
            _first.TrySetException(e);
            return new CoapObservationEnd(Failure: e.Failure);
        }
        finally
        {
            // Where the peer does not know yet that nobody listens.
            Cancel();
        }
    }

    private void Cancel()
    {
        if (!_connection.Requests.Remove(_token))
            return;
        var cancel = _registration.CopyWhere(static n => n != (int)CoapOptionNumber.Observe);
        cancel.Options.Add(CoapOptionNumber.Observe, 1u);
        _connection.TrySend(cancel);
    }
}
