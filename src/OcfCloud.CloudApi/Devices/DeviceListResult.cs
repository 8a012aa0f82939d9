using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Devices;

/// <summary>An array of devices that goes out page by page, as fast as the caller reads. Of a store that fails on the way the caller learns by the answer's missing
/// end.</summary>
internal sealed class DeviceListResult(DevicePages pages, ListQuery query, BodyFormat format, Func<DeviceId, string, bool> isReadable) : IResult
{
    // An array of unknown length: RFC 8949, 3.2.2.
    private const byte CborStart = 0x9f, CborEnd = 0xff;

    // Bytes that wait before the caller is asked whether it reads.
    private const int FlushSize = 65_536;

    private bool _hasOne;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellation = httpContext.RequestAborted;
        httpContext.Response.ContentType = format.Name();
        var output = httpContext.Response.BodyWriter;
        output.Write([format == BodyFormat.Json ? (byte)'[' : CborStart]);
        using var writer = new PayloadWriter(format);
        while (true)
        {
            await WritePageAsync(output, writer, cancellation);
            if (pages.IsAtEnd) break;
            await output.FlushAsync(cancellation);
            await pages.ReadNextAsync(cancellation);
        }

        output.Write([format == BodyFormat.Json ? (byte)']' : CborEnd]);
        await output.FlushAsync(cancellation);
    }

    private async Task WritePageAsync(PipeWriter output, PayloadWriter writer, CancellationToken cancellation)
    {
        var waiting = 0;
        foreach (var device in pages.Current)
        {
            var properties = DeviceProperties.Of(device);
            if (!query.Matches(properties)) continue;
            if (_hasOne && format == BodyFormat.Json) output.Write([(byte)',']);
            _hasOne = true;
            writer.Reset();
            DeviceWriter.Write(writer, device, properties, query.Content, href => isReadable(device.DeviceId, href));
            var written = writer.ToArray();
            output.Write(written);
            waiting += written.Length;
            if (waiting < FlushSize) continue;
            await output.FlushAsync(cancellation);
            waiting = 0;
        }
    }
}
