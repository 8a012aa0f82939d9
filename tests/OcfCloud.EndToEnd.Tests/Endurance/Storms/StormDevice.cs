using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>A device that stays: publishes link after link, counts, refreshes, signs off and in again.</summary>
internal sealed class StormDevice : StormMember
{
    private const string Counter = "/counter";

    private readonly TestDevice _device;
    private readonly CloudUser _user;
    private readonly List<string> _confirmed = [];
    private readonly Dictionary<string, int> _place = new(StringComparer.Ordinal);
    private int _turns;
    private int _count;

    private StormDevice(Storm storm, CloudUser user)
        : base(storm) => (_user, _device, LinksUrl, CounterUrl) = (user, new TestDevice(user.Cloud, (Counter, "x.counter")), storm.Receiver.NewUrl(), storm.Receiver.NewUrl());

    public Guid Id => _device.Id;

    public string UserName => _user.Name;

    /// <summary>Who hears of its links, and who of its counter.</summary>
    public string LinksUrl { get; }

    public string CounterUrl { get; }

    public static async Task<StormDevice> JoinAsync(Storm storm, CloudUser user)
    {
        var member = new StormDevice(storm, user);
        await member._device.JoinAsync(user);
        await user.SubscribeAsync($"/{member.Id}", member.LinksUrl, "resources_published");
        await user.SubscribeAsync($"/{member.Id}{Counter}", member.CounterUrl, "resource_contentchanged");
        return member;
    }

    /// <summary>After a restart: what was answered is in the directory.</summary>
    public void CheckLinks(IReadOnlySet<string> found) =>
        Assert.All(_confirmed, href => Assert.True(found.Contains(_device.PathOf(href)), $"{_device.PathOf(href)} was published and is gone"));

    /// <summary>Tells the last that it has to tell.</summary>
    public async Task EndAsync()
    {
        await PublishAsync();
        _device.Resources[0].Change(new Dictionary<string, object?> { ["value"] = ++_count });
    }

    public bool HasToldAll(StormEvents events) =>
        events.At(LinksUrl).Any(e => e.Hrefs.Contains(_device.PathOf(_confirmed[^1]), StringComparer.Ordinal)) && ValuesAt(events).LastOrDefault() == _count;

    /// <summary>Every link that was answered was told, in the order of publishing, and the counter never counted back.</summary>
    public void CheckEvents(StormEvents events)
    {
        var told = events.InOrderAt(LinksUrl).SelectMany(e => e.Hrefs).Select(path => path[$"/{Id}".Length..]).Where(_place.ContainsKey).ToList();
        Assert.All(_confirmed, href => Assert.True(told.Contains(href), $"{_device.PathOf(href)} was published and nobody was told"));
        Assert.Equal(told.OrderBy(href => _place[href]), told);
        var values = ValuesAt(events);
        Assert.Equal(values.Order(), values);
        Assert.Equal(_count, values[^1]);
    }

    public override ValueTask DisposeAsync() => _device.DisposeAsync();

    protected override async Task BeginAsync()
    {
        await _device.ConnectAsync();
        if (!Storm.IsFirstLife && await _device.TryRefreshAsync() is { CodeText: not "2.04" } refused) Assert.Fail($"{Id}: refresh {refused.CodeText}");
        await _device.SignInAsync();
        Storm.CountAnswered();
    }

    protected override async Task TurnAsync()
    {
        await PublishAsync();
        _device.Resources[0].Change(new Dictionary<string, object?> { ["value"] = ++_count });
        switch (++_turns % 8)
        {
            case 3:
                Assert.Equal("2.04", (await _device.TryRefreshAsync()).CodeText);
                Storm.CountAnswered();
                // A token that was refreshed is used at the next sign-in alone: this one.
                await _device.SignInAsync();
                break;
            case 6:
                Assert.Equal("2.04", (await _device.TrySignInAsync(login: false)).CodeText);
                Storm.CountAnswered();
                await _device.SignInAsync();
                break;
        }
    }

    private List<int> ValuesAt(StormEvents events) =>
        [.. events.InOrderAt(CounterUrl).Select(e => e.Json.GetProperty("value")).Where(v => v.ValueKind == System.Text.Json.JsonValueKind.Number).Select(v => v.GetInt32())];

    private async Task PublishAsync()
    {
        var href = $"/n/{_place.Count}";
        _place.Add(href, _place.Count);
        var links = new List<object> { new DeviceResource(href, "x.storm") { Bm = 1 }.Link };
        var answer = await _device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", Id.ToString()), ("links", links), ("ttl", 0)));
        Assert.Equal("2.04", answer.CodeText);
        Storm.CountAnswered();
        _confirmed.Add(href);
    }
}
