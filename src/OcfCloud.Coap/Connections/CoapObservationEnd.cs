namespace OcfCloud.Coap;

/// <summary>Why an observation ended; neither member: it was given up by us, or the peer's last answer said that it is no notification.</summary>
/// <param name="Error">The error that the peer sent in place of a notification (RFC 7641, 3.2).</param>
/// <param name="Failure">No notification can come any more, or one could not be fetched.</param>
public sealed record CoapObservationEnd(CoapMessage? Error = null, CoapRequestFailure? Failure = null);
