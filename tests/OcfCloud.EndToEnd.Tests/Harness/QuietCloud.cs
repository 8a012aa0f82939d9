namespace OcfCloud.EndToEnd.Harness;

/// <summary>A cloud that asks devices nothing by itself while a test runs: what reaches a device comes from the test.</summary>
public sealed class QuietCloud() : CloudFixture("Devices:TwinSpread=1.00:00:00");
