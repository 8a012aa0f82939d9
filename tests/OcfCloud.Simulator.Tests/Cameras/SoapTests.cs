using System.Net;
using System.Xml.Linq;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class SoapTests : IAsyncLifetime
{
    private CameraRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await CameraRoom.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Every_example_that_can_be_answered_is_answered_in_the_shape_of_its_example()
    {
        await ShapedAsync("01-GetServices");
        await ShapedAsync("02-GetDeviceInformation");
        await ShapedAsync("03-tup.GetServiceCapabilities");
        await ShapedAsync("04-tas.GetServiceCapabilities");

        // The ids of the examples stand for those that the camera gives.
        var certificate = await ShapedAsync("07-UploadCertificate", ("MIIBszCCAVmgAwIBAgIUB0EXAMPL", CameraRoom.Certificate()));
        var policy = await ShapedAsync("08-CreateCertPathValidationPolicy", ("cert_7", certificate.Text("CertificateID")));
        var policyId = policy.Text("CertPathValidationPolicyID");
        await ShapedAsync("19-GetAllCertificates");
        await ShapedAsync("20-GetAllCertPathValidationPolicies");
        var key = (await ShapedAsync("09-CreateECCKeyPair")).Text("KeyID");
        var rsa = (await ShapedAsync("09b-CreateRSAKeyPair")).Text("KeyID");
        await ShapedAsync("10-GetKeyStatus", ("key_8", key));
        await ReadyAsync(key);
        await ReadyAsync(rsa);
        await ShapedAsync("11-CreatePKCS10CSR", ("key_8", key));
        await SendAsync("11b-CreatePKCS10CSR-RSA", ("key_8", rsa));
        var server = await ShapedAsync("12-CreateAuthorizationServerConfiguration", ("key_8", key), ("certpath_2", policyId));
        var token = server.Text("Token");
        await ShapedAsync("12b-SetAuthorizationServerConfiguration", ("authserver_2", token), ("key_8", key), ("certpath_2", policyId));
        await ShapedAsync("06-GetAuthorizationServerConfigurations");
        await ShapedAsync("13-SetUplink", ("certpath_2", policyId), ("authserver_2", token));
        await ShapedAsync("05-GetUplinks");
        await ShapedAsync("14-DeleteUplink", ("pcs.example.com", "ocs.example.com"));
        await ShapedAsync("15-DeleteAuthorizationServerConfiguration", ("authserver_2", token));
        await ShapedAsync("16-DeleteKey", ("key_8", key));
        await ShapedAsync("17-DeleteCertPathValidationPolicy", ("certpath_2", policyId));
        await ShapedAsync("18-DeleteCertificate", ("cert_7", certificate.Text("CertificateID")));
        await ShapedAsync("22-UpgradeFirmware");
        Assert.Equal("4.3.0", _room.State.Identity.FirmwareVersion);
    }

    [Fact]
    public async Task Services_are_found_at_paths_of_their_own_whose_host_leads_nowhere()
    {
        var services = await _room.CallAsync(Soap.Device, "<t:GetServices><t:IncludeCapability>false</t:IncludeCapability></t:GetServices>");
        var addresses = services.Elements().ToDictionary(service => service.Text("Namespace"), service => new Uri(service.Text("XAddr")));

        Assert.Equal(Soap.DevicePath, addresses[Soap.Device].AbsolutePath);
        Assert.Equal(Soap.SecurityPath, addresses[Soap.Security].AbsolutePath);
        Assert.Equal(Soap.UplinkPath, addresses[Soap.Uplink].AbsolutePath);
        Assert.All(addresses.Values, address => Assert.Equal("camera.invalid", address.Host));
        Assert.Empty(services.Descendants(XName.Get("Capabilities", Soap.Device)));
    }

    [Theory]
    [InlineData("<t:UploadCertificate><t:Alias>a</t:Alias><t:Certificate>AA==</t:Certificate></t:UploadCertificate>")] // the wrong order
    [InlineData("<t:UploadCertificate/>")]
    [InlineData("<t:GetKeyStatus><t:KeyID>a</t:KeyID><t:KeyID>b</t:KeyID></t:GetKeyStatus>")]
    [InlineData("<t:GetAllKeys><t:Token>a</t:Token></t:GetAllKeys>")]
    [InlineData("<t:CreateRSAKeyPair><t:KeyLength>many</t:KeyLength></t:CreateRSAKeyPair>")]
    public async Task Elements_in_the_wrong_place_are_a_fault(string body) =>
        Assert.Equal("Sender/InvalidArgs", await _room.RefusedAsync(Soap.Security, body));

    [Fact]
    public async Task An_operation_is_known_at_its_own_service_only()
    {
        var (status, body) = await _room.SendAsync(Soap.DevicePath, Soap.Envelope(Soap.Uplink, "<t:GetUplinks/>"));
        Assert.Equal((HttpStatusCode.InternalServerError, "Receiver/ActionNotSupported"), (status, Soap.FaultOf(body)));
        Assert.Equal("Receiver/ActionNotSupported", await _room.RefusedAsync(Soap.Device, "<t:SystemReboot/>"));
    }

    [Fact]
    public async Task The_action_must_be_that_of_the_body()
    {
        var envelope = Soap.Envelope(Soap.Uplink, "<t:GetUplinks/>");
        Assert.Equal(HttpStatusCode.OK, (await _room.SendAsync(Soap.UplinkPath, envelope, $"{Soap.Uplink}/GetUplinks")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _room.SendAsync(Soap.UplinkPath, envelope, $"{Soap.Uplink}/SetUplink")).Status);
    }

    [Theory]
    [InlineData("no xml", "Sender/WellFormed")]
    [InlineData("<!DOCTYPE a []><a/>", "Sender/WellFormed")]
    [InlineData("<Envelope/>", "VersionMismatch")]
    [InlineData("<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body/></e:Envelope>", "VersionMismatch")]
    [InlineData("<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body/></e:Envelope>", "Sender/WellFormed")]
    public async Task What_is_no_envelope_of_SOAP_1_2_is_a_fault(string text, string fault) =>
        Assert.Equal(fault, Soap.FaultOf((await _room.SendAsync(Soap.DevicePath, text)).Body));

    [Fact]
    public async Task A_header_and_elements_of_others_do_no_harm()
    {
        const string Envelope = """
            <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns="http://www.onvif.org/ver10/device/wsdl">
              <e:Header><To xmlns="http://www.w3.org/2005/08/addressing">camera</To></e:Header>
              <e:Body><GetServices><IncludeCapability> true </IncludeCapability><more xmlns="urn:vendor"/></GetServices></e:Body>
            </e:Envelope>
            """;
        Assert.Equal(HttpStatusCode.OK, (await _room.SendAsync(Soap.DevicePath, Envelope)).Status);
    }

    [Fact]
    public async Task Other_paths_methods_and_media_types_are_refused()
    {
        using var http = new HttpClient { BaseAddress = _room.Local };
        using var text = new StringContent("");
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("/onvif/media_service", text, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.GetAsync(Soap.DevicePath, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await http.PostAsync(Soap.DevicePath, text, Cancellation)).StatusCode);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Example(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cameras", "Examples", name));

    private async Task ReadyAsync(string key)
    {
        while ((await _room.CallAsync(Soap.Security, $"<t:GetKeyStatus><t:KeyID>{key}</t:KeyID></t:GetKeyStatus>")).Value == "generating")
            Cancellation.ThrowIfCancellationRequested();
    }

    private async Task<XElement> SendAsync(string name, params (string Id, string Ours)[] ids)
    {
        var request = ids.Aggregate(Example($"{name}.req.xml"), (text, id) => text.Replace(id.Id, id.Ours, StringComparison.Ordinal));
        var (status, body) = await _room.SendAsync(Soap.PathOf(Soap.BodyOf(request).Name.NamespaceName), request);
        Assert.True(status == HttpStatusCode.OK, $"{name}: {body}");
        return body;
    }

    // Of each element: the name, in order; what stands for a list of one may be longer here.
    private async Task<XElement> ShapedAsync(string name, params (string Id, string Ours)[] ids)
    {
        var body = await SendAsync(name, ids);
        var (shape, expected) = (Shape(body), Shape(Soap.BodyOf(Example($"{name}.res.xml"))));
        Assert.True(expected == shape, $"{name}\nexample {expected}\nanswer  {shape}");
        return body;
    }

    private static string Shape(XElement element)
    {
        var children = element.Elements().Select(Shape).ToList();
        var distinct = children.Where((child, i) => i == 0 || child != children[i - 1]);
        var uri = element.Name.Namespace == OnvifNames.Schema ? "tt" : element.Name.NamespaceName[^20..];
        return $"{uri}:{element.Name.LocalName}({string.Join(' ', distinct)})";
    }
}
