namespace OcfCloud.EndToEnd.Wire;

/// <summary>Makes requests as OCF devices write them.</summary>
internal static class WireRequest
{
    public const uint OcfCbor = 10000;

    /// <summary>A request whose address is a path with an optional query; a body goes as <c>application/vnd.ocf+cbor</c>.</summary>
    public static WireMessage Of(string method, string address, byte[]? payload = null, uint? format = OcfCbor, uint? observe = null)
    {
        var question = address.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? address : address[..question];
        var options = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(s => WireOption.OfText(WireOption.UriPath, s)).ToList();
        if (question >= 0)
        {
            options.AddRange(address[(question + 1)..].Split('&').Select(q => WireOption.OfText(WireOption.UriQuery, q)));
        }

        if (observe is { } register)
        {
            options.Add(WireOption.OfNumber(WireOption.Observe, register));
        }

        if (payload is not null && format is { } contentFormat)
        {
            options.Add(WireOption.OfNumber(WireOption.ContentFormat, contentFormat));
            options.Add(WireOption.OfNumber(WireOption.ContentVersion, 2048));
        }

        options.Add(WireOption.OfNumber(WireOption.Accept, OcfCbor));
        options.Add(WireOption.OfNumber(WireOption.AcceptVersion, 2048));
        return new WireMessage(WireMessage.MethodOf(method), WireConnection.NewToken(), options, payload ?? []);
    }

    /// <summary>The answer of a device to a request.</summary>
    public static WireMessage Answer(WireMessage request, string code, byte[]? payload = null, uint? observe = null)
    {
        var options = new List<WireOption>();
        if (payload is not null)
        {
            options.Add(WireOption.OfNumber(WireOption.ContentFormat, OcfCbor));
        }

        if (observe is { } sequence)
        {
            options.Add(WireOption.OfNumber(WireOption.Observe, sequence));
        }

        return new WireMessage(WireMessage.CodeOf(code), request.Token, options, payload ?? []);
    }
}
