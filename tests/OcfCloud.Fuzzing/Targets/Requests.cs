using Microsoft.AspNetCore.Http;

namespace OcfCloud.Fuzzing.Targets;

/// <summary>HTTP requests as a server has read them.</summary>
internal static class Requests
{
    public static HttpRequest Of(ReadOnlyMemory<byte> body, string contentType = "application/json", string method = "POST")
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.ContentType = contentType;
        request.Body = new MemoryStream(body.ToArray(), writable: false);
        return request;
    }
}
