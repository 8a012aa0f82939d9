using System.Diagnostics.Metrics;
using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>
/// Answered requests by method, code and target. On the routed path counting is one addition: every processor has cells of its own, so that none waits for another's, and
/// labels are made when somebody asks.
/// </summary>
internal sealed class RequestCounts
{
    private const int Methods = 8;
    private const int Codes = 32;
    private const int Targets = 2;

    // Cells of two processors never share a line of the cache.
    private const int Padding = 16;

    // RFC 7252, 12.1.2; 7959; 8132; 8516; 8768. What a device makes up is "other": labels are bounded.
    private static readonly CoapCode[] Known =
    [
        CoapCode.Created, CoapCode.Deleted, CoapCode.Valid, CoapCode.Changed, CoapCode.Content, CoapCode.Continue,
        CoapCode.BadRequest, CoapCode.Unauthorized, CoapCode.BadOption, CoapCode.Forbidden, CoapCode.NotFound, CoapCode.MethodNotAllowed, CoapCode.NotAcceptable,
        CoapCode.RequestEntityIncomplete, CoapCode.Conflict, CoapCode.PreconditionFailed, CoapCode.RequestEntityTooLarge, CoapCode.UnsupportedContentFormat,
        CoapCode.UnprocessableEntity, CoapCode.TooManyRequests,
        CoapCode.InternalServerError, CoapCode.NotImplemented, CoapCode.BadGateway, CoapCode.ServiceUnavailable, CoapCode.GatewayTimeout,
        CoapCode.ProxyingNotSupported, CoapCode.HopLimitReached,
    ];

    private const int Other = 0;
    private const int Observed = Codes - 1;

    private static readonly byte[] Indexes = IndexesOf(Known);
    private static readonly string[] MethodNames = ["other", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"];
    private static readonly string[] TargetNames = [.. Enum.GetNames<RequestTargetKind>().Select(name => name.ToLowerInvariant())];

    private readonly long[][] _stripes;

    public RequestCounts(Meter meter)
    {
        _stripes = new long[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 32))][];
        for (var i = 0; i < _stripes.Length; i++) _stripes[i] = new long[Padding + (Targets * Methods * Codes)];
        meter.CreateObservableCounter("ocfcloud.gateway.requests", Observe, "{request}", "Requests that were answered.");
    }

    /// <summary>A request was answered.</summary>
    public void Count(CoapCode method, CoapCode code, RequestTargetKind target) => Add(method, Indexes[code.Value], target);

    /// <summary>A registration was taken: its answers are notifications.</summary>
    public void CountObserved(RequestTargetKind target) => Add(CoapCode.Get, Observed, target);

    private void Add(CoapCode method, int code, RequestTargetKind target)
    {
        var stripe = _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)];
        Interlocked.Increment(ref stripe[CellOf(method.Value < Methods ? method.Value : 0, code, (int)target)]);
    }

    private IEnumerable<Measurement<long>> Observe()
    {
        for (var target = 0; target < Targets; target++)
        {
            for (var method = 0; method < Methods; method++)
            {
                for (var code = 0; code < Codes; code++)
                {
                    var count = _stripes.Sum(stripe => Volatile.Read(ref stripe[CellOf(method, code, target)]));
                    if (count > 0) yield return new Measurement<long>(count, LabelsOf(target, method, code));
                }
            }
        }
    }

    private static KeyValuePair<string, object?>[] LabelsOf(int target, int method, int code) =>
    [
        KeyValuePair.Create("target", (object?)TargetNames[target]),
        KeyValuePair.Create("method", (object?)MethodNames[method]),
        KeyValuePair.Create("code", (object?)(code switch { Other => "other", Observed => "observe", _ => Known[code - 1].ToString() })),
    ];

    private static int CellOf(int method, int code, int target) => Padding + (((target * Methods) + method) * Codes) + code;

    private static byte[] IndexesOf(CoapCode[] codes)
    {
        var indexes = new byte[256];
        for (var i = 0; i < codes.Length; i++) indexes[codes[i].Value] = (byte)(i + 1);
        return indexes;
    }
}
