using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Twins;

/// <summary>A cloud that looks at a device as soon as it has signed in.</summary>
public sealed class CuriousCloud() : CloudFixture("Devices:TwinSpread=00:00:00", "Devices:RequestTimeout=00:00:01");
