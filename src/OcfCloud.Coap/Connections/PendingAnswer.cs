namespace OcfCloud.Coap;

/// <summary>One message of ours that waits for the peer's answer.</summary>
internal sealed class PendingAnswer : ICoapResponseReceiver
{
    private readonly TaskCompletionSource<CoapMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CoapMessage> Answer => _answer.Task;

    public void OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state) =>
        _answer.TrySetResult(CoapMessage.From(response));

    public void OnFailed(CoapRequestFailure failure, in CoapResponseState state) => _answer.TrySetException(new CoapRequestException(failure));
}
