using OcfCloud.Simulator.Receiver;

namespace OcfCloud.Simulator.Tests.Receiver;

public sealed class EventSignatureTests
{
    private const string Secret = "3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql";

    // The vectors of cloud-to-cloud, 1.4.
    [Fact]
    public void The_signatures_are_those_of_deployed_clouds()
    {
        Assert.Equal("72150f5f9795e728fa594ece9fa6aa2f0e8877e8d36be89246782cfed00216c3", EventSignature.Compute("a", new Notification("b", "devices_online", "c", "0", "0", null, default)));
        Assert.Equal("140ae4684f6331e770838e857cb40dc984ec7e6e075a4869034a465173f6fc8a", EventSignature.Compute(Secret, Cancelled(null)));
    }

    [Fact]
    public void Only_the_signature_of_the_secret_is_good()
    {
        var signature = EventSignature.Compute(Secret, Cancelled(null));

        Assert.True(EventSignature.IsGood(Secret, Cancelled(signature)));
        Assert.False(EventSignature.IsGood(Secret.ToLowerInvariant(), Cancelled(signature)));
        Assert.False(EventSignature.IsGood(Secret, Cancelled(signature) with { SequenceNumber = "4" }));
        Assert.False(EventSignature.IsGood(Secret, Cancelled(signature) with { Body = "x"u8.ToArray() }));
        Assert.False(EventSignature.IsGood(Secret, Cancelled(signature.ToUpperInvariant())));
        Assert.False(EventSignature.IsGood(Secret, Cancelled(null)));
    }

    private static Notification Cancelled(string? signature) =>
        new("", "subscription_cancelled", "1eeb465c-5e8d-4305-a366-bbf035fff671", "3", "1700000000", signature, default);
}
