namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The same as <see cref="KilledCloudTests"/> and <see cref="KilledRollBackTests"/> with a kill after every single step, each of which costs a start: by hand.</summary>
[Collection(nameof(KilledCloud))]
[Trait("Kind", "Figures")]
public sealed class KilledCloudFigures(KilledCloud killed)
{
    [Fact(Explicit = true)]
    public Task A_camera_is_configured_once_although_its_cloud_is_killed_after_every_step() => KilledCloudTests.ConfigureAsync(killed, every: 1, atLeast: 8);

    [Fact(Explicit = true)]
    public Task A_camera_is_as_before_although_its_cloud_is_killed_after_every_step_of_work_that_fails() => KilledRollBackTests.RollBackAsync(killed, every: 1, atLeast: 6);
}
