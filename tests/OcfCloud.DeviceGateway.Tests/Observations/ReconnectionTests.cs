using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Observations;

public sealed class ReconnectionTests
{
    [Fact]
    public async Task More_observations_than_a_device_takes_requests_at_once_outlive_its_reconnection()
    {
        const int Observations = 20;
        await using var room = await ConnectionRoom.OpenAsync(options =>
        {
            options.MaxRequestsInFlight = 10;
            options.TwinSpread = TimeSpan.FromDays(1000);
        });
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        for (var i = 0u; i < Observations; i++)
        {
            var registration = CoapMessage.Request(CoapCode.Get, $"/{deviceId}/{i}");
            registration.Token = CoapToken.FromUInt64(i);
            registration.Options.Add(CoapOptionNumber.Observe, 0u);
            client.Feed(registration.ToBytes());
            device.Feed(Value(FedStream.Read(await device.TakeWrittenAsync())));
            Assert.Equal(CoapCode.Content, FedStream.Read(client.Take()).Code);
        }

        device.End();
        var (connection, again) = await room.SignInAgainAsync(deviceId);
        connection.AfterAnswer();

        var asked = new HashSet<string>();
        var waits = room.Time.Waits;
        var taking = again.TakeWrittenAsync();
        while (asked.Count < Observations)
        {
            // The device is asked for so many, then there is a pause by the clock.
            await Task.WhenAny(taking, room.Time.WaitBegunAsync(waits)).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            if (taking.IsCompleted)
            {
                foreach (var registration in FedStream.ReadAll(await taking))
                {
                    Assert.True(asked.Add(registration.Path));
                    again.Feed(Value(registration));
                }

                if (asked.Count < Observations)
                    taking = again.TakeWrittenAsync();
            }

            // A pause that began before is over by this, one that begins after ends the wait above.
            waits = room.Time.Waits;
            room.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        var told = FedStream.ReadAll(client.Take());
        Assert.Equal(Observations, told.Count);
        Assert.All(told, notification => Assert.True(notification is { Code: var code, Observe: not null } && code == CoapCode.Content));
    }

    private static byte[] Value(CoapMessage registration)
    {
        var value = CoapMessage.Response(CoapCode.Content).WithPayload(new byte[] { 0xa0 }, CoapContentFormat.OcfCbor);
        value.Token = registration.Token;
        value.Options.Add(CoapOptionNumber.Observe, 12u);
        return value.ToBytes();
    }
}
