using System.Formats.Cbor;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Account;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.TokenRefresh;

/// <summary><c>/oic/sec/tokenrefresh</c>: a device gets new tokens, signed in or not (device-to-cloud.md, 5; ISO/IEC 30118-12, Annex A).</summary>
internal sealed class TokenRefreshResource(DeviceAccounts accounts, FailedAttempts attempts, GatewayMetrics metrics, IOptions<DeviceGatewayOptions> options) : ICloudResource
{
    private readonly AuthProviderName _authProvider = new(options.Value);

    public bool Allows(CoapCode method) => method == CoapCode.Post;

    public bool NeedsSession(CoapCode method) => false;

    public string? StepOf(CoapCode method) => RefusedStep.Refresh;

    public ValueTask<ResourceAnswer> HandleAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken) =>
        metrics.RefreshAsync(RefreshAsync(caller, request, cancellationToken));

    private async ValueTask<ResourceAnswer> RefreshAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        if (RequestChecks.BaselineOptions(request, new RequestQuery(request)) is { } badOption) return badOption;
        if (RequestChecks.Body(request, out var body) is { } badBody) return badBody;
        var user = body.User("uid");
        var device = body.Device("di");
        var token = body.Text("refreshtoken");
        var provider = body.OptionalText("authprovider");
        body.OptionalText("granttype");
        if (body.Problem is { } problem) return ResourceAnswer.Refuse(CoapCode.BadRequest, problem);

        if (!caller.MayActFor(device) || !caller.MayActFor(user))
            return ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"di\" and \"uid\" are not those of this connection", new(RefusalReason.NotThisDevice));
        if (!_authProvider.Accepts(provider)) return ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"authprovider\" is not known here", new(RefusalReason.AuthProviderUnknown, device));

        if (attempts.Postpone(caller, device) is { } later) return later;
        var outcome = await accounts.RefreshAsync(device, user, token, cancellationToken);
        attempts.Settle(caller, device, outcome.Reason);
        if (!outcome.Accepted)
            return ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"refreshtoken\" is unknown, revoked, or of another device or user", new(outcome.Reason!, device));
        if (caller.Session is { } session && session.Device == device) caller.ExtendSession(outcome.Expires);
        return PayloadFormat.Answer(request, CoapCode.Changed, Encode(outcome));
    }

    private static CborWriter Encode(RefreshOutcome outcome)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("accesstoken");
        writer.WriteTextString(outcome.AccessToken);
        writer.WriteTextString("refreshtoken");
        writer.WriteTextString(outcome.RefreshToken);
        writer.WriteTextString("expiresin");
        writer.WriteInt64(ExpiresIn.Of(outcome.ExpiresIn));
        writer.WriteEndMap();
        return writer;
    }
}
