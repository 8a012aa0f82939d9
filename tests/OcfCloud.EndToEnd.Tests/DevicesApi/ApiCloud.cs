using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.DevicesApi;

/// <summary>A cloud whose twins are filled at once, and whose waits are short.</summary>
public class ApiCloud() : CloudFixture("Devices:TwinSpread=00:00:00", "Devices:TwinBatchPeriod=00:00:00.02", "Devices:RequestTimeout=00:00:02", "MaxRequestBodySize=65536");
