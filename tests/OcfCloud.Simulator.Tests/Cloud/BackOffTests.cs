using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Tests.Cloud;

public sealed class BackOffTests
{
    [Fact]
    public void Waits_double_up_to_the_limit_and_are_shortened_to_half_at_most()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(1));

        foreach (var full in new double[] { 1, 2, 4, 8, 16, 32, 60, 60 })
            Assert.InRange(backOff.Next().TotalSeconds, full / 2, full);
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(1));
        backOff.Next();
        backOff.Next();

        backOff.Reset();

        Assert.InRange(backOff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Devices_that_fail_together_do_not_come_back_together()
    {
        var waits = Enumerable.Range(0, 50).Select(seed => new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(seed)).Next());

        Assert.True(waits.Distinct().Count() > 40);
    }
}
