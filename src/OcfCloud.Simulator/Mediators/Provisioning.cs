using System.Text.Json.Nodes;
using System.Threading.Channels;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Mediators;

/// <summary>
/// Brings a device into a cloud (OCF Cloud Specification 2.0.3, 6.1):
/// <c>/oic/d</c> says who it is, <c>/oic/res</c> where its <c>oic.r.coapcloudconf</c> is;
/// an UPDATE names the cloud, <c>cps</c> and <c>clec</c> tell how it goes.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="tell">Gets each step, for people.</param>
internal sealed class Provisioning(DeviceConnection device, Action<string> tell)
{
    /// <summary>Who the device is.</summary>
    /// <exception cref="ProvisioningException">It does not say, or it is not who its certificate says.</exception>
    public async Task<Guid> IdentifyAsync(CancellationToken cancellationToken)
    {
        var information = await device.GetAsync(DeviceInformation.Path, cancellationToken);
        if (!OcfUuid.TryParse(Text(information, "di"), out var deviceId))
            throw new ProvisioningException("the device does not say its id");
        if (device.CertifiedId != deviceId)
            throw new ProvisioningException($"the device says that it is {deviceId:D}, but its certificate says {device.CertifiedId:D}");
        tell($"found {Text(information, "n")} {deviceId:D}");
        return deviceId;
    }

    /// <summary>Names the cloud and waits until the device is registered there.</summary>
    /// <exception cref="ProvisioningException">It could not be registered.</exception>
    public async Task ProvisionAsync(DeviceToken token, CancellationToken cancellationToken)
    {
        var href = await FindConfigurationAsync(cancellationToken);
        var seen = Channel.CreateUnbounded<JsonObject>();
        await using var observation = await device.ObserveAsync(href, representation => seen.Writer.TryWrite(representation), cancellationToken);
        if (Text(observation.Answer.Payload, "cps") is "registering" or "registered")
            throw new ProvisioningException("the device belongs to a cloud already");

        // The first notification is that answer: what was before the UPDATE does not count.
        await seen.Reader.ReadAsync(cancellationToken);

        var body = new JsonObject { ["cis"] = token.Cis, ["sid"] = token.Sid, ["at"] = token.At };
        if (token.Apn is { } apn)
            body["apn"] = apn;
        tell($"{href}: {token.Cis}");
        await device.UpdateAsync(href, body, cancellationToken);
        await FollowAsync(seen.Reader, observation.Ended, cancellationToken);
    }

    private async Task<string> FindConfigurationAsync(CancellationToken cancellationToken)
    {
        var links = await device.GetAsync($"{LinkList.Path}?rt={CloudConfigurationResource.Type}", cancellationToken);

        // A device that does not filter answers with all of its links.
        foreach (var link in links as JsonArray ?? [])
        {
            if (link?["rt"] is JsonArray types && types.Any(t => Equals(t?.ToString(), CloudConfigurationResource.Type)) && Text(link, "href") is { } href)
                return href;
        }

        throw new ProvisioningException($"the device has no {CloudConfigurationResource.Type}");
    }

    private async Task FollowAsync(ChannelReader<JsonObject> seen, Task ended, CancellationToken cancellationToken)
    {
        string? told = null;
        while (true)
        {
            var next = seen.WaitToReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(next, ended) == ended && !next.IsCompleted)
                throw new ProvisioningException("the connection to the device was lost before it was registered");
            await next;
            while (seen.TryRead(out var representation))
            {
                var status = Text(representation, "cps");
                RepresentationCodec.TryGetInteger(representation["clec"], out var error);
                var words = error == 0 ? status : $"{status}, {CloudErrorText.Describe(error)}";
                if (words is not null && words != told)
                    tell(told = words);
                if (status == "registered")
                    return;
                if (status == "failed")
                    throw new ProvisioningException($"the device failed to register: {CloudErrorText.Describe(error)} (clec {error})");
            }
        }
    }

    private static string? Text(ReadOnlyMemory<byte> payload, string name) => RepresentationCodec.TryDecodeMap(payload, out var map) ? Text(map, name) : null;

    private static string? Text(JsonNode node, string name) =>
        node is JsonObject map && map[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
