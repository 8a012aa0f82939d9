using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Enrolment;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>Adding a camera by the request that its key made.</summary>
public sealed partial class EnrolmentTests : CameraRoom
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_camera_is_added_by_its_request_in_whichever_form_it_comes_and_what_it_needs_is_shown_once()
    {
        var page = await Browser.OpenAsync("/cameras/add");
        var (pem, base64, file) = (Request(), Request(), Request());
        var added = new[]
        {
            await Browser.SubmitAsync(page, "/cameras/add", ("csr", "The camera's:\n" + PemEncoding.WriteString("CERTIFICATE REQUEST", pem))),
            await Browser.SubmitAsync(page, "/cameras/add", ("csr", Convert.ToBase64String(base64, Base64FormattingOptions.InsertLineBreaks))),
            await UploadAsync(page, file),
        };

        foreach (var answer in added)
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            foreach (var words in new[] { "Administrator", "openid-configuration", "onvif.uplink", "https://cloud.example:8444/onvif/uplink", "wss://cloud.example:8444/onvif/uplink", "-----BEGIN CERTIFICATE-----" })
                Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        }

        var cameras = await Cloud.Services.GetRequiredService<CameraRegister>().ListAsync(new UserId(Alice.Id), Cancellation);
        Assert.Equal(added.Select(answer => ClientId().Match(answer.Html).Groups["id"].Value).Order(StringComparer.Ordinal), cameras.Select(camera => camera.Camera.ClientId).Order(StringComparer.Ordinal));
        Assert.All(cameras, camera => Assert.Equal(CameraState.Waiting, camera.Camera.State));
        Assert.DoesNotContain("BEGIN CERTIFICATE", (await Browser.OpenAsync($"/cameras/{cameras[0].Camera.Id}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_request_of_a_good_key_is_refused_in_words()
    {
        var page = await Browser.OpenAsync("/cameras/add");
        using var rsa = RSA.Create(1024);
        var weak = new CertificateRequest("CN=camera", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
        var forged = Request();
        forged[^5] ^= 1;
        foreach (var (csr, words) in new[]
        {
            ("", "Paste the camera's certification request"),
            ("nonsense </textarea><b>", "PKCS#10"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "PKCS#10"),
            (new string('A', CertificationRequestFile.MaxLength + 4), "PKCS#10"),
            (Convert.ToBase64String(weak), "1024 bits"),
            (Convert.ToBase64String(forged), "signed by its own key"),
        })
        {
            var refused = await Browser.SubmitAsync(page, "/cameras/add", ("csr", csr));
            Assert.Equal((csr, HttpStatusCode.BadRequest), (csr, refused.Status));
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", refused.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync(page, new byte[CertificationRequestFile.MaxLength + 1])).Status);

        // A key is one camera's, whosoever brings it again.
        var pem = PemEncoding.WriteString("CERTIFICATE REQUEST", Request());
        await Browser.SubmitAsync(page, "/cameras/add", ("csr", pem));
        var again = await Browser.SubmitAsync(page, "/cameras/add", ("csr", pem));
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("another camera's", again.Text, StringComparison.Ordinal);
        Assert.Single(await Cloud.Services.GetRequiredService<CameraRegister>().ListAsync(user: null, Cancellation));
    }

    private static byte[] Request()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=camera", key, HashAlgorithmName.SHA256).CreateSigningRequest();
    }

    private async Task<TestPage> UploadAsync(TestPage page, byte[] file)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in page.FormOf("/cameras/add")) form.Add(new StringContent(value), name);
        form.Add(new StringContent(""), "csr");
        form.Add(new ByteArrayContent(file), "file", "camera.csr");
        return await Browser.PostAsync("/cameras/add", form);
    }

    [GeneratedRegex("id=\"client-id\">(?<id>[^<]*)<", RegexOptions.None, 1000)]
    private static partial Regex ClientId();
}
