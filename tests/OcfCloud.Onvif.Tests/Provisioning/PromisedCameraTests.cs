using System.Buffers.Text;
using System.Text;
using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>Who a token says that its camera is, whatever stands in it.</summary>
public sealed class PromisedCameraTests
{
    [Fact]
    public void The_claims_of_a_token_say_who_the_camera_is() =>
        Assert.Equal(new PromisedCamera("Acme", "A", null), PromisedCamera.Of(Token("""{"onvif:manufacturer":"Acme","onvif:model":"A","onvif:sn":7}""")));

    [Theory]
    [InlineData("""{"onvif:model":"\ud800"}""")]
    [InlineData("""{"onvif:model":"A\udc00"}""")]
    [InlineData("""["onvif:model"]""")]
    [InlineData("")]
    public void Claims_that_are_no_texts_make_no_camera(string claims) => Assert.Null(PromisedCamera.Of(Token(claims)));

    private static string Token(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.AAAA";
}
