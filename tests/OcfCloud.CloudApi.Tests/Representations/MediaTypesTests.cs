using Microsoft.Extensions.Primitives;
using OcfCloud.CloudApi.Representations;

namespace OcfCloud.CloudApi.Tests.Representations;

/// <summary>cloud-to-cloud.md, 1.1: which of the two media types it is.</summary>
public class MediaTypesTests
{
    private const string Json = MediaTypes.Json;
    private const string Cbor = MediaTypes.OcfCbor;

    [Theory]
    [InlineData(null, Json)]
    [InlineData("", Json)]
    [InlineData(" ", Json)]
    [InlineData("application/json", Json)]
    [InlineData("application/vnd.ocf+cbor", Cbor)]
    [InlineData("APPLICATION/VND.OCF+CBOR", Cbor)]
    [InlineData("*/*", Json)]
    [InlineData("application/*", Json)]
    [InlineData("application/*;q=0.1, text/html", Json)]
    [InlineData("application/json;q=0.5,application/vnd.ocf+cbor;q=0.9", Cbor)]
    [InlineData(" application/json ; q=0.5 ,  application/vnd.ocf+cbor ; q=0.4 ", Json)]
    [InlineData("application/vnd.ocf+cbor, application/json", Cbor)]
    [InlineData("application/json, application/vnd.ocf+cbor", Json)]
    [InlineData("application/vnd.ocf+cbor, */*", Cbor)]
    [InlineData("application/json;q=0, */*", Cbor)]
    [InlineData("application/json;q=0.1, application/*;q=0.8", Cbor)]
    [InlineData("application/json; charset=utf-8", Json)]
    [InlineData("application/vnd.ocf+cbor; v=\"a,b\"; q=0.7, application/json; q=0.6", Cbor)]
    [InlineData("text/html, image/gif, *; q=.2, */*; q=.2", Json)]
    [InlineData("nonsense, application/vnd.ocf+cbor", Cbor)]
    [InlineData("application/vnd.ocf+cbor;q=0.001", Cbor)]
    public void The_best_of_what_is_acceptable_is_taken(string? accept, string mediaType)
    {
        Assert.True(MediaTypes.TryNegotiate(new StringValues(accept), out var format));
        Assert.Equal(mediaType, format.Name());
    }

    [Fact]
    public void Several_headers_are_one_list()
    {
        Assert.True(MediaTypes.TryNegotiate(new StringValues(["application/json;q=0.2", "application/vnd.ocf+cbor"]), out var format));
        Assert.Equal(BodyFormat.OcfCbor, format);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/cbor")]
    [InlineData("application/json;q=0")]
    [InlineData("*/*;q=0")]
    [InlineData("application/json;q=0, application/vnd.ocf+cbor;q=0.0, */*")]
    [InlineData("text/*, image/*")]
    [InlineData("nonsense")]
    public void Where_nothing_is_acceptable_it_says_so(string accept) => Assert.False(MediaTypes.TryNegotiate(new StringValues(accept), out _));

    [Theory]
    [InlineData("application/json", Json)]
    [InlineData("Application/JSON; charset=utf-8", Json)]
    [InlineData("application/vnd.ocf+cbor", Cbor)]
    [InlineData("application/vnd.ocf+cbor;version=1", Cbor)]
    public void A_body_of_one_of_the_two_is_read(string contentType, string mediaType)
    {
        Assert.True(MediaTypes.TryRead(contentType, out var format));
        Assert.Equal(mediaType, format.Name());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/cbor")]
    [InlineData("application/*")]
    [InlineData("*/*")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/merge-patch+json")]
    [InlineData("json")]
    public void A_body_of_any_other_type_is_not(string? contentType) => Assert.False(MediaTypes.TryRead(contentType, out _));
}
