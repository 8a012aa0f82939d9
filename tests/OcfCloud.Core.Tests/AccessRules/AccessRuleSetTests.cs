using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.AccessRules;

/// <summary>device-to-cloud.md, 8.</summary>
public class AccessRuleSetTests
{
    private const AccessOperations R = AccessOperations.Retrieve, U = AccessOperations.Update, N = AccessOperations.Notify;

    private static readonly DeviceId Client = new(Guid.Parse("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8")), Light = CloudNode.NewDevice(), Fan = CloudNode.NewDevice();

    [Fact]
    public void Without_rules_everybody_may_do_everything()
    {
        Assert.True(AccessRuleSet.Empty.IsEmpty);
        Assert.True(AccessRuleSet.Empty.Allows(AccessSubject.OfDevice(Client), Light, "/a", AccessOperations.All));
    }

    [Fact]
    public void One_that_is_named_may_only_what_its_rules_or_those_of_all_allow()
    {
        var set = new AccessRuleSet([Rule(Client.ToString(), Light.ToString(), "/light", R), Rule("*", "*", "/public/*", R | U), Rule("app", "*", "*", N)]);

        Assert.False(set.IsEmpty);
        Assert.True(Allows(set, Client, Light, "/light", R));
        Assert.False(Allows(set, Client, Light, "/light", U));
        Assert.False(Allows(set, Client, Light, "/light", R | U));
        Assert.False(Allows(set, Client, Fan, "/light", R));
        Assert.False(Allows(set, Client, Light, "/light/x", R));
        Assert.False(Allows(set, Client, Light, "/Light", R));
        Assert.True(Allows(set, Client, Fan, "/public/x", R | U));
        Assert.False(Allows(set, Client, Fan, "/public", R));
        Assert.True(set.Allows(AccessSubject.OfClient("app"), Fan, "/light", N));
        Assert.True(set.Allows(AccessSubject.OfClient("app"), Fan, "/public/x", N | R | U));
        Assert.False(set.Allows(AccessSubject.OfClient("app"), Fan, "/light", R));
        // Named by no rule.
        Assert.True(Allows(set, Fan, Light, "/light", AccessOperations.All));
        Assert.True(set.Allows(AccessSubject.OfClient("other"), Light, "/light", AccessOperations.All));
    }

    [Fact]
    public void Several_rules_add_up()
    {
        var set = new AccessRuleSet([Rule("app", "*", "/a*", R), Rule("app", Light.ToString(), "/ab", U)]);

        Assert.True(set.Allows(AccessSubject.OfClient("app"), Light, "/ab", R | U));
        Assert.False(set.Allows(AccessSubject.OfClient("app"), Fan, "/ab", R | U));
    }

    [Fact]
    public void Rules_of_all_alone_name_nobody() =>
        Assert.True(Allows(new AccessRuleSet([Rule("*", "*", "/a", R)]), Client, Light, "/b", AccessOperations.All));

    [Fact]
    public void One_that_is_allowed_nothing_may_nothing() =>
        Assert.False(Allows(new AccessRuleSet([Rule(Client.ToString(), "*", "*", AccessOperations.None)]), Client, Light, "/b", R));

    [Theory]
    [InlineData("9CFBEB8E-5A1E-4D1C-9D01-00C04FD430C8", "*", "/a", true)]
    [InlineData("app", "9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8", "/a*", true)]
    [InlineData("*", "*", "*", true)]
    [InlineData("", "*", "*", false)]
    [InlineData("app", "", "*", false)]
    [InlineData("app", "light", "*", false)]
    [InlineData("app", "*", "", false)]
    [InlineData("app", "*", "a", false)]
    [InlineData("app", "*", "/a*b", false)]
    [InlineData("app", "*", "/**", false)]
    [InlineData("app", "*", "*a", false)]
    [InlineData("a\0pp", "*", "*", false)]
    [InlineData("app", "*", "/\0", false)]
    public void A_rule_has_a_form(string subject, string device, string href, bool valid)
    {
        Assert.Equal(valid, AccessRule.TryCreate(subject, device, href, R, out var rule));
        if (subject.StartsWith('9')) Assert.Equal(Client.ToString(), rule!.Subject);
    }

    [Fact]
    public void A_rule_has_bounds()
    {
        Assert.True(AccessRule.TryCreate(new string('a', 256), "*", "/" + new string('a', 255), AccessOperations.All, out _));
        Assert.False(AccessRule.TryCreate(new string('a', 257), "*", "/", R, out _));
        Assert.False(AccessRule.TryCreate("a", "*", "/" + new string('a', 256), R, out _));
        Assert.False(AccessRule.TryCreate("a", "*", "/", (AccessOperations)32, out _));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var set = new AccessRuleSet([.. Enumerable.Range(0, 100).Select(i => Rule(Client.ToString(), "*", $"/{i}*", R)), Rule("app", "*", "/x", R)]);
        var (device, app) = (AccessSubject.OfDevice(Client), AccessSubject.OfClient("app"));
        var allowed = 0;
        for (var i = 0; i < 100; i++) Ask();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Ask();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2200, allowed);

        void Ask()
        {
            if (set.Allows(device, Light, "/99/light", R)) allowed++;
            if (set.Allows(app, Light, "/x", R)) allowed++;
            if (set.Allows(app, Light, "/y", R)) allowed++;
        }
    }

    private static bool Allows(AccessRuleSet set, DeviceId client, DeviceId device, string href, AccessOperations operations) =>
        set.Allows(AccessSubject.OfDevice(client), device, href, operations);

    private static AccessRule Rule(string subject, string device, string href, AccessOperations allow)
    {
        Assert.True(AccessRule.TryCreate(subject, device, href, allow, out var rule));
        return rule;
    }
}
