using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Routing;

/// <summary>Requests of a client to a device and the device's answers, on one thread.</summary>
/// <param name="client">The client's connection.</param>
/// <param name="device">The device's.</param>
/// <param name="deviceId">The device.</param>
/// <param name="depth">Requests at once.</param>
internal sealed class RoutedExchange(FedStream client, FedStream device, DeviceId deviceId, int depth)
{
    private readonly byte[] _requests = [.. Enumerable.Range(0, depth).SelectMany(i => ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", (ulong)i + 1))];
    private readonly byte[] _answers = new byte[64 * depth];

    /// <summary>Asks, answers, and looks at what came back.</summary>
    public void Run()
    {
        client.Feed(_requests);
        var length = Answer(device.Take(), _answers);
        device.Feed(_answers.AsMemory(0, length));
        Check(client.Take());
    }

    // As the device: an answer with OCF's format for each request that came.
    private int Answer(ReadOnlySpan<byte> forwarded, Span<byte> answers)
    {
        var length = 0;
        for (var i = 0; i < depth; i++)
        {
            if (CoapFrameReader.Read(forwarded, 1 << 20, out var request, out var size) != CoapFrameStatus.Complete)
                throw new InvalidOperationException("The device got less than was asked.");
            var writer = new CoapFrameWriter(answers[length..], CoapCode.Content, request.Token);
            writer.WriteOption(CoapOptionNumber.ContentFormat, CoapContentFormat.OcfCbor);
            writer.WritePayload([0xa1, 0x61, 0x76, 0xf5]);
            length += writer.Finish();
            forwarded = forwarded[size..];
        }

        return length;
    }

    private void Check(ReadOnlySpan<byte> answers)
    {
        for (var i = 0; i < depth; i++)
        {
            if (CoapFrameReader.Read(answers, 1 << 20, out var answer, out var size) != CoapFrameStatus.Complete
                || answer.Code != CoapCode.Content || answer.Token.Value != (ulong)i + 1 || answer.Payload.Length != 4)
            {
                throw new InvalidOperationException("The client got another answer.");
            }

            answers = answers[size..];
        }

        if (!answers.IsEmpty)
            throw new InvalidOperationException("The client got more than it asked.");
    }
}
