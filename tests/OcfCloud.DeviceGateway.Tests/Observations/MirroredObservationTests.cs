using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Observations;

/// <summary>cloud-to-cloud.md, 2, and RFC 7641: clients observe resources of mirrored devices as those of the user's own.</summary>
public sealed class MirroredObservationTests
{
    private const uint Register = 0, Cancel = 1;

    private readonly OtherCloud _cloud = new();

    [Fact]
    public async Task Values_follow_the_first_one_with_rising_numbers_and_an_error_is_the_last()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();

        var first = await AskAsync(client, Observe(device, "/light?x=1", Register).WithOption(CoapOptionNumber.Accept, 50));
        var observation = Assert.Single(_cloud.Observations);
        observation.Tell(OtherCloud.Value(observation.Request, 2));
        observation.Tell(OtherCloud.Value(observation.Request, 3));
        observation.Tell(OtherCloud.Error(404, "gone"));
        observation.Tell(OtherCloud.Value(observation.Request, 4));
        await observation.Ended;
        var later = FedStream.ReadAll(await client.TakeWrittenAsync());

        Assert.Equal((CoapCode.Content, 2u, 50, "{\"v\":1}"), (first.Code, first.Observe, first.ContentFormat, first.Diagnostic));
        Assert.Equal([3u, 4u, null], later.Select(m => m.Observe));
        Assert.Equal(["{\"v\":2}", "{\"v\":3}", "gone"], later.Select(m => m.Diagnostic));
        Assert.Equal([CoapCode.Content, CoapCode.Content, CoapCode.NotFound], later.Select(m => m.Code));
        Assert.All(later, m => Assert.Equal(7ul, m.Token.Value));
        Assert.Equal(["x=1"], observation.Request.Query);
    }

    [Fact]
    public async Task A_value_that_comes_before_the_first_answer_is_out_comes_after_it()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        _cloud.Registered = observation =>
        {
            observation.Tell(OtherCloud.Value(observation.Request, 2));
            observation.Tell(OtherCloud.Value(observation.Request, 3));
        };

        client.Feed(Observe(device, "/light", Register).ToBytes());
        var told = new List<CoapMessage>();
        while (told.Count < 2)
            told.AddRange(FedStream.ReadAll(await client.TakeWrittenAsync()));

        Assert.Equal([2u, 3u], told.Select(m => m.Observe));
        Assert.Equal<byte>([1, 3], told.Select(m => m.Payload.Span[^1]));
    }

    [Fact]
    public async Task An_error_at_registration_is_a_plain_answer()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        _cloud.Answers = _ => Task.FromResult(OtherCloud.Error(405, "no"));

        var answer = await AskAsync(client, Observe(device, "/light", Register));

        Assert.Equal((CoapCode.MethodNotAllowed, null), (answer.Code, answer.Observe));
    }

    [Fact]
    public async Task A_cancellation_is_answered_like_a_GET_and_ends_it()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        await AskAsync(client, Observe(device, "/light", Register));

        var answer = await AskAsync(client, Observe(device, "/light", Cancel));

        Assert.Equal((CoapCode.Content, null), (answer.Code, answer.Observe));
        Assert.True(Assert.Single(_cloud.Observations).HasEnded);
        Assert.Single(_cloud.Requests);
    }

    [Fact]
    public async Task A_cancellation_overtakes_a_registration_that_is_under_way()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        var slow = new TaskCompletionSource();
        var isFirst = true;
        _cloud.Answers = async request =>
        {
            if (isFirst)
            {
                isFirst = false;
                await slow.Task;
            }

            return OtherCloud.Value(request, 1);
        };

        client.Feed(Observe(device, "/light", Register).ToBytes());
        while (isFirst)
            await Task.Yield();
        Assert.Null((await AskAsync(client, Observe(device, "/light", Cancel))).Observe);
        client.Take();
        slow.SetResult();
        var late = FedStream.Read(await client.TakeWrittenAsync());

        Assert.Null(late.Observe);
        await Assert.Single(_cloud.Observations).Ended;
    }

    [Fact]
    public async Task A_second_registration_with_the_token_takes_the_place_of_the_first()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        await AskAsync(client, Observe(device, "/a", Register));

        var second = await AskAsync(client, Observe(device, "/b", Register));

        Assert.Equal(2u, second.Observe);
        Assert.Equal([true, false], _cloud.Observations.Select(o => o.HasEnded));
    }

    [Fact]
    public async Task A_client_with_as_many_observations_as_it_may_have_gets_a_plain_answer()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud, options => options.MaxObservations = 1);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        Assert.Equal(2u, (await AskAsync(client, Observe(device, "/a", Register))).Observe);

        var second = Observe(device, "/b", Register);
        second.Token = CoapToken.FromUInt64(8);
        var answer = await AskAsync(client, second);

        Assert.Equal((CoapCode.Content, null), (answer.Code, answer.Observe));
        Assert.Single(_cloud.Observations);
    }

    [Fact]
    public async Task It_ends_with_the_session_and_with_the_connection()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var device = await room.MirrorAsync();
        var (connection, client, _) = await room.SignInAsync();
        await AskAsync(client, Observe(device, "/light", Register));
        connection.EndSession();
        await _cloud.Observations.Last().Ended;

        var (_, second, _) = await room.SignInAsync();
        await AskAsync(second, Observe(device, "/light", Register));
        second.End();
        await _cloud.Observations.Last().Ended;
        Assert.Equal(2, _cloud.Observations.Count);
    }

    [Fact]
    public async Task A_rule_that_forbids_it_ends_it()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, asker) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        await AskAsync(client, Observe(device, "/light", Register));
        Assert.True(AccessRule.TryCreate(asker.ToString(), "*", "*", AccessOperations.Retrieve, out var rule));

        await room.ReplaceRulesAsync(rule);
        var last = FedStream.Read(await client.TakeWrittenAsync());

        Assert.Equal((CoapCode.Forbidden, null), (last.Code, last.Observe));
        await Assert.Single(_cloud.Observations).Ended;
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_told_the_newest_value_when_it_reads_again()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud, options => options.MaxOutgoingBytes = 128);
        var (connection, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        await AskAsync(client, Observe(device, "/light", Register));
        var observation = Assert.Single(_cloud.Observations);

        var reading = new TaskCompletionSource();
        client.NotRead = reading;
        for (byte number = 2; number < 24; number++)
            observation.Tell(OtherCloud.Value(observation.Request, number));
        client.NotRead = null;
        reading.SetResult();
        var told = new List<CoapMessage>();
        while (told.Count == 0 || told[^1].Payload.Span[^1] != 23)
        {
            connection.Tick(room.Time.GetUtcNow());
            told.AddRange(FedStream.ReadAll(await client.TakeWrittenAsync()));
        }

        Assert.InRange(told.Count, 2, 15);
        Assert.Equal(told.Select(m => m.Observe).Order(), told.Select(m => m.Observe));
    }

    [Fact]
    public async Task A_value_that_the_client_cannot_take_ends_it()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        await AskAsync(client, Observe(device, "/light", Register));
        var observation = Assert.Single(_cloud.Observations);

        observation.Tell(OtherCloud.Value(observation.Request, 2) with { Payload = new byte[9000] });
        var last = FedStream.Read(await client.TakeWrittenAsync());

        Assert.Equal((CoapCode.RequestEntityTooLarge, null), (last.Code, last.Observe));
        await observation.Ended;
    }

    private static CoapMessage Observe(DeviceId device, string path, uint observe)
    {
        var request = CoapMessage.Request(CoapCode.Get, $"/{device}{path}").WithOption(CoapOptionNumber.Observe, observe);
        request.Token = CoapToken.FromUInt64(7);
        return request;
    }

    private static async Task<CoapMessage> AskAsync(FedStream client, CoapMessage request)
    {
        client.Take();
        client.Feed(request.ToBytes());
        return FedStream.Read(await client.TakeWrittenAsync());
    }
}
