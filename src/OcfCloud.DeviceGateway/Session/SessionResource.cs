using System.Formats.Cbor;
using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Session;

/// <summary><c>/oic/sec/session</c>: a device signs in and out (device-to-cloud.md, 4; ISO/IEC 30118-12, Annex A).</summary>
internal sealed class SessionResource(DeviceAccounts accounts, FailedAttempts attempts, AccessRuleCache rules, GatewayMetrics metrics, TimeProvider time) : ICloudResource
{
    public bool Allows(CoapCode method) => method == CoapCode.Post;

    public bool NeedsSession(CoapCode method) => false;

    public string? StepOf(CoapCode method) => RefusedStep.SignIn;

    public async ValueTask<ResourceAnswer> HandleAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        if (RequestChecks.BaselineOptions(request, new RequestQuery(request)) is { } badOption) return badOption;
        if (RequestChecks.Body(request, out var body) is { } badBody) return badBody;
        var user = body.User("uid");
        var device = body.Device("di");
        var token = body.Text("accesstoken");
        var login = body.Boolean("login");
        if (body.Problem is { } problem) return ResourceAnswer.Refuse(CoapCode.BadRequest, problem);

        if (!caller.MayActFor(device) || !caller.MayActFor(user))
        {
            var refusal = ResourceAnswer.Refuse(
                CoapCode.Unauthorized, "\"di\" and \"uid\" are not those of this connection", new(RefusalReason.NotThisDevice, Step: login ? null : RefusedStep.SignOut));
            return login ? await metrics.SignInAsync(ValueTask.FromResult(refusal)) : refusal;
        }

        return login
            ? await metrics.SignInAsync(SignInAsync(caller, request, device, user, token, cancellationToken))
            : await SignOutAsync(caller, device, user, token, cancellationToken);
    }

    private async ValueTask<ResourceAnswer> SignInAsync(
        ICaller caller, CoapMessage request, DeviceId device, UserId user, string token, CancellationToken cancellationToken)
    {
        if (attempts.Postpone(caller, device) is { } later) return later;
        var outcome = await accounts.SignInAsync(device, user, token, cancellationToken);
        attempts.Settle(caller, device, outcome.Reason);
        if (!outcome.Accepted) return NotItsToken(new(outcome.Reason!, device));
        // Before the session begins: routing looks at the rules and does not wait for them.
        await rules.GetAsync(user, cancellationToken);
        if (!caller.BeginSession(user, device, outcome)) return ResourceAnswer.Refuse(CoapCode.Unauthorized, "a later sign-in of the device has won", new(RefusalReason.Superseded, device));

        var writer = new CborWriter();
        writer.WriteStartMap(1);
        writer.WriteTextString("expiresin");
        writer.WriteInt64(ExpiresIn.Of(outcome.Expires - time.GetUtcNow()));
        writer.WriteEndMap();
        return PayloadFormat.Answer(request, CoapCode.Changed, writer);
    }

    private async ValueTask<ResourceAnswer> SignOutAsync(ICaller caller, DeviceId device, UserId user, string token, CancellationToken cancellationToken)
    {
        if (caller.Session is not { } session)
            return ResourceAnswer.Refuse(CoapCode.Unauthorized, "nobody is signed in", new(RefusalReason.NotSignedIn, device, RefusedStep.SignOut));
        if (session.Device != device || session.User != user || !await accounts.IsAccessTokenAsync(device, user, token, cancellationToken))
            return NotItsToken(new(RefusalReason.TokenUnknown, device, RefusedStep.SignOut));
        caller.EndSession();
        return CoapMessage.Response(CoapCode.Changed);
    }

    private static ResourceAnswer NotItsToken(ResourceRefusal refusal) =>
        ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"accesstoken\" is unknown, expired, revoked, or of another device or user", refusal);
}
