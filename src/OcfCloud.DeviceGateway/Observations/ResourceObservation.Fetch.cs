using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Connections;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>Values that are larger than one message of the device.</summary>
internal sealed partial class ResourceObservation
{
    private bool _isFetching;
    private bool _fetchesAgain;
    private bool _isLast;

    private static bool HasMore(in CoapFrame response) =>
        response.TryFind(CoapOptionNumber.Block2, out var block) && block.TryGetUInt32(out var value) && BlockOption.From(value) is { More: true };

    // RFC 7959, 3.4: of a large value an answer holds the first block; the whole is read by a GET of its own.
    private void Fetch()
    {
        _fetchesAgain = _isFetching;
        if (_isFetching || _target is not { } target)
            return;
        _isFetching = true;
        _ = FetchAsync(target, _round);
    }

    private async Task FetchAsync(DeviceConnection target, long round)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        CoapMessage? answer = null;
        var failure = CoapRequestFailure.ConnectionClosed;
        try
        {
            answer = await target.Requester.RequestAsync(request.Copy(), hub.RequestTimeout, target.Ended);
        }
        catch (CoapRequestException e)
        {
            failure = e.Failure;
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }

        lock (_gate)
        {
            // A later round fetches for itself, and what the end of the connection means is said by Leave.
            if (_hasEnded || round != _round || _target != target || (answer is null && failure == CoapRequestFailure.ConnectionClosed))
                return;
            _isFetching = false;
            if (_fetchesAgain)
            {
                Fetch();
                return;
            }

            if (answer is { Code.IsSuccess: true } && !_isLast)
            {
                Take(FrameOf(answer), (uint?)answer.ContentFormat, batch: null);
                return;
            }

            // The next notification tries again.
            if (_isObserved && !_isLast)
                return;
            if (answer is not null)
            {
                Cancel();
                EndWith(FrameOf(answer), (uint?)answer.ContentFormat);
            }
        }

        if (answer is not null)
            hub.Remove(this);
        else
            End(() => DeviceConnection.AnswerOf(failure));
    }

    private static CoapFrame FrameOf(CoapMessage answer)
    {
        _ = CoapFrameReader.Read(answer.ToBytes(), int.MaxValue, out var frame, out _);
        return frame;
    }
}
