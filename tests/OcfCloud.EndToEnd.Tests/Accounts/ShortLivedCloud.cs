using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Accounts;

/// <summary>A cloud whose device tokens run out while one waits, and whose sign-up answers send devices elsewhere.</summary>
public sealed class ShortLivedCloud() : CloudFixture(
    "Devices:TwinSpread=1.00:00:00", "Devices:AccessTokenLifetime=00:00:03", "Devices:OneTimeTokenLifetime=00:00:03", "Devices:RedirectUri=coaps+tcp://cloud.example:5684");
