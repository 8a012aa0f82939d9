namespace OcfCloud.Coap;

/// <summary>Who gets the answer to a request of a <see cref="CoapRequestTable"/>.</summary>
public interface ICoapResponseReceiver
{
    /// <summary>The answer, or a notification of a kept request; the frame is valid during the call only, which must not block.</summary>
    /// <param name="connection">The connection that it came by.</param>
    /// <param name="token">The token under which it was asked.</param>
    /// <param name="response">The answer.</param>
    /// <param name="state">What was left with the request.</param>
    void OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state);

    /// <summary>There will be no answer.</summary>
    void OnFailed(CoapRequestFailure failure, in CoapResponseState state);
}
