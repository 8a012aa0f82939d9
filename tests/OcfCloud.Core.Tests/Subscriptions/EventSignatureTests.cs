using System.Text;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>The vectors of cloud-to-cloud.md, 1.4, and one made by OpenSSL.</summary>
public sealed class EventSignatureTests
{
    [Fact]
    public void The_first_vector() => Assert.Equal(
        "72150f5f9795e728fa594ece9fa6aa2f0e8877e8d36be89246782cfed00216c3",
        EventSignature.Of("a", "b", "devices_online", "c", 0, 0, []));

    [Fact]
    public void The_second_vector_has_no_content_type() => Assert.Equal(
        "140ae4684f6331e770838e857cb40dc984ec7e6e075a4869034a465173f6fc8a",
        EventSignature.Of("3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql", null, "subscription_cancelled", "1eeb465c-5e8d-4305-a366-bbf035fff671", 3, 1700000000, []));

    [Fact]
    public void The_raw_body_is_signed_and_the_secret_is_UTF_8() => Assert.Equal(
        "3874adaafef3f1ac01392b16e7e768ebf7c4b342d4b09072e56e33fb13e2ba9d",
        EventSignature.Of("schlüssel", "application/json", "devices_online", "c", 12, 1700000000, Encoding.UTF8.GetBytes("[{\"di\":\"é\"}]")));
}
