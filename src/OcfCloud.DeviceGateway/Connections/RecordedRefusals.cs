using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Leaves what the door refused for the device's owner and maker; for people it says more than the device is told.</summary>
internal sealed class RecordedRefusals(DeviceRefusals refusals)
{
    private const int ClientError = 4;

    /// <summary>Records an answer that refuses; others are none of it.</summary>
    /// <param name="known">The device of the connection: by its certificate, its sign-up or its sign-in.</param>
    /// <param name="resource">Who answered.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="answer">The answer.</param>
    public void Record(DeviceId? known, ICloudResource resource, CoapCode method, in ResourceAnswer answer)
    {
        if (answer.Message.Code.Class != ClientError || (known ?? answer.Refusal?.Device) is not { } device) return;
        if ((answer.Refusal?.Step ?? resource.StepOf(method)) is not { } step) return;
        var reason = answer.Refusal?.Reason ?? ReasonOf(answer.Message.Code);
        refusals.Record(device, step, answer.Message.Code.ToString(), reason, RefusalText.Of(reason) ?? answer.Message.Diagnostic);
    }

    /// <summary>Records a request that came before a sign-in.</summary>
    public void RecordNotSignedIn(DeviceId? known, ICloudResource? resource, CoapCode method)
    {
        if (known is not { } device || resource?.StepOf(method) is not { } step) return;
        refusals.Record(device, step, CoapCode.Unauthorized.ToString(), RefusalReason.NotSignedIn, RefusalText.Of(RefusalReason.NotSignedIn)!);
    }

    private static string ReasonOf(CoapCode code) => code == CoapCode.RequestEntityTooLarge ? RefusalReason.TooLarge : RefusalReason.BadRequest;
}
