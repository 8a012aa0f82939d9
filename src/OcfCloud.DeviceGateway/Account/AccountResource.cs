using System.Formats.Cbor;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Account;

/// <summary><c>/oic/sec/account</c>: a device registers and deregisters (device-to-cloud.md, 3; ISO/IEC 30118-12, Annex A).</summary>
internal sealed class AccountResource(DeviceAccounts accounts, FailedAttempts attempts, GatewayMetrics metrics, IOptions<DeviceGatewayOptions> options) : ICloudResource
{
    private readonly AuthProviderName _authProvider = new(options.Value);
    private readonly Redirection _redirection = new(options.Value);

    public bool Allows(CoapCode method) => method == CoapCode.Post || method == CoapCode.Delete;

    public bool NeedsSession(CoapCode method) => false;

    public string? StepOf(CoapCode method) => method == CoapCode.Delete ? RefusedStep.Deregistration : RefusedStep.SignUp;

    public bool ClosesAfterRefusal(CoapCode method) => method == CoapCode.Post;

    public async ValueTask<ResourceAnswer> HandleAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        if (request.Code == CoapCode.Delete) return await DeregisterAsync(caller, request, cancellationToken);
        var answer = await metrics.SignUpAsync(SignUpAsync(caller, request, cancellationToken));
        return answer with { ClosesConnection = !answer.Message.Code.IsSuccess };
    }

    private async ValueTask<ResourceAnswer> SignUpAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        if (RequestChecks.BaselineOptions(request, new RequestQuery(request)) is { } badOption) return badOption;
        if (RequestChecks.Body(request, out var body) is { } badBody) return badBody;
        var device = body.Device("di");
        var token = body.Text("accesstoken");
        var provider = body.OptionalText("authprovider");
        if (body.Problem is { } problem) return ResourceAnswer.Refuse(CoapCode.BadRequest, problem);

        if (!caller.MayActFor(device)) return ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"di\" is not the device of this connection", new(RefusalReason.NotThisDevice));
        if (!_authProvider.Accepts(provider))
            return ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"authprovider\" is not known here", new(RefusalReason.AuthProviderUnknown, device));

        if (attempts.Postpone(caller, device) is { } later) return later;

        // First: the hint that ends the device's sessions elsewhere must find none here, for this connection has an answer to give. A refusal closes it anyway.
        caller.EndSession();
        var outcome = await accounts.SignUpAsync(device, token, cancellationToken);
        attempts.Settle(caller, device, outcome.Refusal == SignUpRefusal.InvalidToken ? outcome.Reason : null);
        switch (outcome.Refusal)
        {
            case SignUpRefusal.InvalidToken:
                return ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"accesstoken\" is unknown, expired, used or for another device", new(outcome.Reason!, device));
            case SignUpRefusal.BelongsToAnotherUser:
                return ResourceAnswer.Refuse(CoapCode.Forbidden, "the device belongs to another user until that user removes it", new(outcome.Reason!, device));
            case SignUpRefusal.TooManyDevices:
                // Not 5.03: it stays so until the user removes a device.
                metrics.Rejected(GatewayLimit.DevicesPerUser);
                return ResourceAnswer.Refuse(CoapCode.Forbidden, "the user has as many devices as one may have", new(outcome.Reason!, device));
        }
        caller.Bind(outcome.UserId, device);
        return PayloadFormat.Answer(request, CoapCode.Changed, Encode(outcome, _redirection.For(caller.LocalEndpoint)));
    }

    private async ValueTask<ResourceAnswer> DeregisterAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        var query = new RequestQuery(request);
        if (RequestChecks.BaselineOptions(request, query) is { } badOption) return badOption;
        var device = query.Device("di");
        var user = query.User("uid");
        var token = query.Text("accesstoken");
        if (query.Problem is { } problem) return ResourceAnswer.Refuse(CoapCode.BadRequest, problem);

        if (caller.Session is not { } session)
        {
            // Field: it may arrive on a connection that is not signed in.
            if (device is not { } named) return ResourceAnswer.Refuse(CoapCode.BadRequest, "\"di\" is missing, and nobody is signed in");
            if (token is null) return ResourceAnswer.Refuse(CoapCode.BadRequest, "\"accesstoken\" is missing, and nobody is signed in");
            if (!caller.MayActFor(named) || (user is { } given && !caller.MayActFor(given))) return NotThisDevice(new(RefusalReason.NotThisDevice));
            if (attempts.Postpone(caller, named) is { } later) return later;
            var isIts = await accounts.DeregisterAsync(named, user, token, cancellationToken);
            attempts.Settle(caller, named, isIts ? null : RefusalReason.TokenUnknown);
            return isIts ? CoapMessage.Response(CoapCode.Deleted) : NotThisDevice(new(RefusalReason.TokenUnknown, named));
        }

        // Nothing is needed here, but what is given has to be the session's.
        if ((device ?? session.Device) != session.Device || (user ?? session.User) != session.User) return NotThisDevice(new(RefusalReason.NotThisDevice));
        if (token is not null && !await accounts.IsAccessTokenAsync(session.Device, session.User, token, cancellationToken))
            return NotThisDevice(new(RefusalReason.TokenUnknown));
        if (!await accounts.DeregisterAsync(session.Device, session.User, cancellationToken)) return NotThisDevice(new(RefusalReason.NotRegistered));
        caller.EndSession();
        return CoapMessage.Response(CoapCode.Deleted);
    }

    private static ResourceAnswer NotThisDevice(ResourceRefusal refusal) =>
        ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"di\", \"uid\" and \"accesstoken\" are not those of the device of this connection", refusal);

    private static CborWriter Encode(SignUpOutcome outcome, string? redirectUri)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(redirectUri is null ? 4 : 5);
        writer.WriteTextString("accesstoken");
        writer.WriteTextString(outcome.AccessToken);
        writer.WriteTextString("refreshtoken");
        writer.WriteTextString(outcome.RefreshToken);
        writer.WriteTextString("expiresin");
        writer.WriteInt64(ExpiresIn.Of(outcome.ExpiresIn));
        writer.WriteTextString("uid");
        writer.WriteTextString(outcome.UserId.ToString());
        if (redirectUri is not null)
        {
            writer.WriteTextString("redirecturi");
            writer.WriteTextString(redirectUri);
        }
        writer.WriteEndMap();
        return writer;
    }
}
