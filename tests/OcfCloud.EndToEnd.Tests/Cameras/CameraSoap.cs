using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Looks into a camera from beside it, over its local port and not over an uplink.</summary>
internal sealed class CameraSoap(Uri address) : IDisposable
{
    private static readonly XNamespace Envelope = "http://www.w3.org/2003/05/soap-envelope", Security = "http://www.onvif.org/ver10/advancedsecurity/wsdl", Uplink = "http://www.onvif.org/ver10/uplink/wsdl";

    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>All that a share leaves in a camera: keys, certificates, policies, authorization servers, uplinks without their status, as text.</summary>
    public async Task<string> ContentsAsync()
    {
        var text = new StringBuilder();
        foreach (var operation in new[] { "GetAllKeys", "GetAllCertificates", "GetAllCertPathValidationPolicies", "GetAuthorizationServerConfigurations" })
        {
            text.AppendLine((await CallAsync("security_service", Security + operation)).ToString());
        }

        foreach (var uplink in await EntriesAsync())
        {
            uplink.Elements().Where(e => e.Name.LocalName is "Status" or "Error").Remove();
            text.AppendLine(uplink.ToString());
        }

        return text.ToString();
    }

    /// <summary>How many elements of a name GetAll… of a kind has.</summary>
    public async Task<int> CountAsync(string operation, string element) =>
        (await CallAsync("security_service", Security + operation)).Elements().Count(e => e.Name.LocalName == element);

    public async Task<IReadOnlyList<UplinkEntry>> UplinksAsync() =>
        [.. (await EntriesAsync()).Select(e => new UplinkEntry(Value(e, "RemoteAddress")!, Value(e, "UserLevel")!, Value(e, "Status"), Value(e, "Error")))];

    public void Dispose() => _http.Dispose();

    private static string? Value(XElement entry, string name) => entry.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private async Task<IReadOnlyList<XElement>> EntriesAsync() => [.. (await CallAsync("uplink_service", Uplink + "GetUplinks")).Elements()];

    private async Task<XElement> CallAsync(string service, XName operation)
    {
        var text = new XDocument(new XElement(Envelope + "Envelope", new XElement(Envelope + "Body", new XElement(operation)))).ToString();
        using var content = new StringContent(text, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"application/soap+xml; charset=utf-8; action=\"{operation.NamespaceName}/{operation.LocalName}\"");
        using var answer = await _http.PostAsync("/onvif/" + service, content, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return XDocument.Parse(body).Root!.Element(Envelope + "Body")!.Elements().Single();
    }
}
