using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Requests of one client are worked on at the same time; what they mean depends on the order in which they were sent all the same.</summary>
public sealed class OvertakingTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    [Fact]
    public async Task A_cancellation_right_behind_its_registration_ends_it()
    {
        var (cloud, user) = (fixture.Cloud, fixture.User);
        await using var light = new TestDevice(cloud, ("/light", "oic.r.switch.binary"));
        await using var client = new TestDevice(cloud);
        await light.JoinAsync(user);
        await client.JoinAsync(user);
        var path = light.PathOf("/light");

        for (var round = 0; round < 50; round++)
        {
            var registration = WireRequest.Of("GET", path, observe: 0);
            var messages = await client.Connection.ObserveAsync(registration);
            await client.Connection.SendAsync(WireRequest.Of("GET", path, observe: 1) with { Token = registration.Token });
            // The cancellation is answered like a plain GET; the registration, where it had its answer before, with Observe.
            using var deadline = new CancellationTokenSource(WireConnection.Deadline);
            while ((await messages.ReadAsync(deadline.Token)).Find(WireOption.Observe) is not null)
            {
                // Not yet the last.
            }

            // A notification would go out before the answer to the change that it tells of.
            Assert.Equal("2.04", (await client.RequestAsync("POST", path, Cbor.Map(("value", round % 2 == 0)))).CodeText);
            Assert.Equal("2.05", (await client.RequestAsync("GET", path)).CodeText);
            while (messages.TryRead(out var late))
            {
                Assert.True(late.Find(WireOption.Observe) is null, $"round {round}: a notification after the cancellation");
            }
        }
    }
}
