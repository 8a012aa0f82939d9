using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A device that keeps book of what the cloud answered, and of what it may have heard without answering.</summary>
internal sealed class Survivor : IAsyncDisposable
{
    private const int LinksOfOnePublish = 3, MostPublishes = 40;

    private readonly TestDevice _device;
    private readonly string _oneTimeToken;
    private readonly HashSet<string> _published = new(StringComparer.Ordinal);
    private string[] _unanswered = [];
    private int _answers;
    private int _publishes;

    private Survivor(TestDevice device, string oneTimeToken) => (_device, _oneTimeToken) = (device, oneTimeToken);

    public Guid Id => _device.Id;

    /// <summary>Whether a sign-up was answered.</summary>
    public bool IsRegistered => _device.Tokens is not null;

    /// <summary>Requests that the kill left without an answer.</summary>
    public int Unanswered { get; private set; }

    public static async Task<Survivor> BornAsync(CrowdUser user)
    {
        var device = new TestDevice(user.Cloud);
        return new Survivor(device, await user.CreateDeviceTokenAsync(device.Id));
    }

    /// <summary>Waits until the devices together have got that many answers in this life of the cloud.</summary>
    public static async Task WaitForAnswersAsync(IReadOnlyList<Survivor> devices, int atLeast)
    {
        using var deadline = new CancellationTokenSource(WireConnection.Deadline);
        while (devices.Sum(d => Volatile.Read(ref d._answers)) < atLeast)
        {
            await Task.Delay(1, deadline.Token);
        }
    }

    public Task ConnectAsync()
    {
        _answers = 0;
        return _device.ConnectAsync();
    }

    /// <summary>Registers where it is new, signs in, then publishes and refreshes until the connection ends.</summary>
    public async Task LiveUntilTheEndAsync()
    {
        try
        {
            if (!IsRegistered)
            {
                await _device.SignUpAsync(_oneTimeToken);
                Answered();
            }

            await _device.SignInAsync();
            Answered();
            while (true)
            {
                await PublishAsync();
                await RefreshAsync();
            }
        }
        catch (WireEndedException)
        {
            Unanswered++;
        }
    }

    /// <summary>Every answered link is there; of the publish without an answer all are, or none.</summary>
    public void CheckLinks(IReadOnlyCollection<string> found, int round)
    {
        var hrefs = found.Select(path => path[$"/{Id}".Length..]).ToHashSet(StringComparer.Ordinal);
        Assert.True(_published.IsSubsetOf(hrefs), $"round {round}: {this} lost {string.Join(' ', _published.Except(hrefs))}");
        hrefs.ExceptWith(_published);
        Assert.True(
            hrefs.Count == 0 || hrefs.SetEquals(_unanswered),
            $"round {round}: {this}: of a publish without an answer only {string.Join(' ', hrefs)} are there");
        _published.UnionWith(hrefs);
        _unanswered = [];
    }

    /// <summary>Signs in after the kill with what it has: tokens, or the one-time token of a sign-up without an answer. Both may be used again.</summary>
    public async Task ComeBackAsync()
    {
        await _device.ConnectAsync();
        if (!IsRegistered)
        {
            await _device.SignUpAsync(_oneTimeToken);
        }
        else
        {
            // Field: after a reconnect a device refreshes first, then signs in.
            await RefreshAsync();
        }

        await _device.SignInAsync();
    }

    public override string ToString() => $"device {Id}";

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private async Task PublishAsync()
    {
        var hrefs = Enumerable.Range(0, LinksOfOnePublish).Select(n => $"/{_publishes % MostPublishes}/{n}").ToArray();
        _publishes++;
        _unanswered = hrefs;
        var links = hrefs.Select(href => new DeviceResource(href, "x.survivor").Link).ToList();
        var answer = await _device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", Id.ToString()), ("links", links), ("ttl", 0)));
        Assert.Equal("2.04", answer.CodeText);
        Answered();
        _published.UnionWith(hrefs);
        _unanswered = [];
    }

    private async Task RefreshAsync()
    {
        var tokens = _device.Tokens;
        var answer = await _device.RequestAsync(
            "POST", "/oic/sec/tokenrefresh", Cbor.Map(("uid", tokens.Uid), ("di", Id.ToString()), ("refreshtoken", tokens.RefreshToken)));
        Assert.Equal("2.04", answer.CodeText);
        Answered();
        var body = Cbor.DecodeMap(answer.Payload);
        _device.Tokens = tokens with { AccessToken = (string)body["accesstoken"]!, RefreshToken = (string)body["refreshtoken"]! };
    }

    private void Answered() => Interlocked.Increment(ref _answers);
}
