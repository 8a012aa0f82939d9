using OcfCloud.Core.Devices;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Devices;

public class SessionQueueTests
{
    private readonly SessionQueue _queue = new();
    private readonly DeviceId _device = CloudNode.NewDevice();
    private readonly UserId _user = UserId.New();

    [Fact]
    public void The_last_of_a_device_counts()
    {
        _queue.Begin(_device, _user, 1);
        _queue.End(_device, 1);
        _queue.Begin(_device, _user, 2);

        Assert.Equal(new SessionChange(_user, 2, Online: true, Unwritten: true), _queue.Take()[_device]);
        Assert.Equal(2, _queue.LastOf(_device));
    }

    [Fact]
    public void The_end_of_what_was_never_written_is_still_its_beginning_too()
    {
        _queue.Begin(_device, _user, 1);
        _queue.End(_device, 1);

        Assert.Equal(new SessionChange(_user, 1, Online: false, Unwritten: true), _queue.Take()[_device]);
    }

    [Fact]
    public void An_end_while_the_beginning_is_being_written_is_a_change_of_its_own()
    {
        _queue.Begin(_device, _user, 1);
        _queue.Take();
        _queue.End(_device, 1);
        _queue.Written();

        Assert.Equal(new SessionChange(default, 1, Online: false, Unwritten: false), _queue.Take()[_device]);
    }

    [Fact]
    public void What_could_not_be_written_comes_again_with_its_end()
    {
        _queue.Begin(_device, _user, 1);
        _queue.Take();
        _queue.End(_device, 1);
        _queue.PutBack();

        Assert.Equal(new SessionChange(_user, 1, Online: false, Unwritten: true), _queue.Take()[_device]);
    }

    [Fact]
    public void What_could_not_be_written_gives_way_to_a_later_session()
    {
        _queue.Begin(_device, _user, 1);
        _queue.Take();
        _queue.Begin(_device, _user, 2);
        _queue.PutBack();

        Assert.Equal(new SessionChange(_user, 2, Online: true, Unwritten: true), _queue.Take()[_device]);
    }

    [Fact]
    public void A_late_end_of_an_older_session_does_not_hide_the_newer_one()
    {
        _queue.Begin(_device, _user, 1);
        _queue.Take();
        _queue.Written();
        _queue.Begin(_device, _user, 2);
        _queue.End(_device, 1);

        Assert.Equal(new SessionChange(_user, 2, Online: true, Unwritten: true), _queue.Take()[_device]);
        _queue.Written();
        _queue.BeginLiveAnew();
        Assert.Equal(2, _queue.Take()[_device].Session);
    }

    [Fact]
    public void A_smaller_session_is_overtaken_even_where_the_greater_has_ended()
    {
        _queue.Begin(_device, _user, 2);
        _queue.End(_device, 2);
        _queue.Begin(_device, _user, 1);

        Assert.Equal(1, Assert.Single(_queue.TakeOvertaken()).Value.Session);
        Assert.Empty(_queue.TakeOvertaken());
        Assert.Equal(2, _queue.Take()[_device].Session);
    }

    [Fact]
    public void Only_what_lives_is_begun_anew()
    {
        var other = CloudNode.NewDevice();
        _queue.Begin(_device, _user, 1);
        _queue.Begin(other, _user, 2);
        _queue.Take();
        _queue.Written();
        _queue.Forget(other, 2);

        _queue.BeginLiveAnew();

        Assert.Equal([_device], _queue.Take().Keys);
        Assert.Equal(0, _queue.LastOf(other));
    }
}
