using System.Diagnostics.Metrics;
using OcfCloud.Core.Metrics;

namespace OcfCloud.Identity.Metrics;

/// <summary>What this room measures: log-ins, and what the authorization server hands out.</summary>
internal sealed class IdentityMetrics : IRoomMetrics
{
    private readonly Meter _meter;
    private readonly Tally<LogInResult> _logIns;
    private readonly Tally<TokenRequestResult> _tokens;

    public IdentityMetrics(IMeterFactory? meters = null)
    {
        _meter = RoomMeter.Create(meters, "Identity");
        _logIns = new(_meter, "ocfcloud.identity.log_ins", "result", "{attempt}", "Passwords that were checked.");
        _tokens = new(_meter, "ocfcloud.identity.token_requests", "result", "{request}", "Requests to the token endpoint.");
    }

    public void LoggedIn(bool accepted) => _logIns.Count(accepted ? LogInResult.Accepted : LogInResult.Refused);

    public void TokenRequested(TokenRequestResult result) => _tokens.Count(result);

    public void Dispose() => _meter.Dispose();
}
