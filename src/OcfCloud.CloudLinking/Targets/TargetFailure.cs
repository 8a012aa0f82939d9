using System.Net.Sockets;
using System.Security.Authentication;
using OcfCloud.Core.Outbound;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Why a Target gave no answer, in words.</summary>
internal static class TargetFailure
{
    public static TargetAnswer Of(Exception e) => (e as HttpRequestException, e.InnerException ?? e) switch
    {
        (_, OutboundRefusedException) => Unreachable("The other cloud's address is not allowed."),
        (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }) => Unreachable("The other cloud's name does not resolve."),
        (_, TimeoutException) => Unreachable("The other cloud's name does not resolve in time."),
        (_, AuthenticationException) or ({ HttpRequestError: HttpRequestError.SecureConnectionError }, _) => Unreachable("There is no trusted TLS with the other cloud."),
        ({ HttpRequestError: HttpRequestError.ConnectionError }, _) => Unreachable("The other cloud takes no connection."),
        ({ HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError }, _)
            or (null, HttpProtocolException) => new TargetAnswer(TargetOutcome.Unreadable) { Detail = "The other cloud's answer is no HTTP that makes sense." },
        _ => Unreachable("The connection to the other cloud broke off."),
    };

    public static TargetAnswer TimedOut { get; } = new(TargetOutcome.TimedOut) { Detail = "The other cloud did not answer in time." };

    public static TargetAnswer TooLarge { get; } = new(TargetOutcome.TooLarge) { Detail = "The other cloud's answer is too large." };

    public static TargetAnswer Crowded { get; } = new(TargetOutcome.Unavailable)
    {
        Detail = "Too many requests wait for the other cloud.",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static TargetAnswer Resting(TimeSpan? until) => new(TargetOutcome.Unavailable)
    {
        Detail = "The other cloud failed too often of late; it is tried again in a while.",
        RetryAfter = until > TimeSpan.Zero ? until : TimeSpan.FromSeconds(1),
    };

    public static TargetAnswer NeedsLinking { get; } = new(TargetOutcome.NeedsLinking) { Detail = "The account has to be linked again." };

    private static TargetAnswer Unreachable(string why) => new(TargetOutcome.Unreachable) { Detail = why };
}
