namespace OcfCloud.Onvif.Operation;

/// <summary>The words for states as the API writes them.</summary>
public static class IncomingShareText
{
    /// <summary><c>proposed</c>, <c>requesting</c>, <c>requested</c>, <c>completed</c>, <c>connected</c>, <c>quarantined</c>, <c>failed</c> or <c>timed-out</c>.</summary>
    public static string Of(IncomingShareState state) => state switch
    {
        IncomingShareState.Proposed => "proposed",
        IncomingShareState.Requesting => "requesting",
        IncomingShareState.Requested => "requested",
        IncomingShareState.Completed => "completed",
        IncomingShareState.Connected => "connected",
        IncomingShareState.Quarantined => "quarantined",
        IncomingShareState.Failed => "failed",
        _ => "timed-out",
    };
}
