using System.Text.Unicode;
using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>What has to be done with a request for a device, found in one walk over its options (device-to-cloud.md, 2 and 8). Allocates nothing.</summary>
internal readonly ref struct ForwardPlan
{
    private ForwardPlan(ForwardKind kind, CoapCode refusal, string? diagnostic, bool concernsPath)
    {
        Kind = kind;
        Refusal = refusal;
        Diagnostic = diagnostic;
        ConcernsPath = concernsPath;
    }

    /// <summary>How it goes on.</summary>
    public ForwardKind Kind { get; private init; }

    /// <summary>The code of a refusal.</summary>
    public CoapCode Refusal { get; }

    /// <summary>The words of a refusal.</summary>
    public string? Diagnostic { get; }

    /// <summary>Whether the path is what is refused: that is said before the method and the session are looked at.</summary>
    public bool ConcernsPath { get; }

    /// <summary>Whether the asker takes an answer with OCF's version option: it sent one itself.</summary>
    public bool WantsVersion { get; private init; }

    /// <summary>Whether there is a query.</summary>
    public bool HasQuery { get; private init; }

    /// <summary>Walks the options; those that carry the path were found to begin with a device id.</summary>
    public static ForwardPlan Of(in CoapFrame request)
    {
        var path = new PathCheck();
        var kind = ForwardKind.InPlace;
        bool wantsVersion = false, hasQuery = false, hasAccept = false;
        CoapCode refusal = default;
        string? diagnostic = null;
        var options = request.ReadOptions();
        while (options.MoveNext())
        {
            var option = options.Current;
            switch ((CoapOptionNumber)option.Number)
            {
                case CoapOptionNumber.UriPath:
                    if (path.Add(option.Value) is { } why)
                        return new ForwardPlan(ForwardKind.Refused, why.Code, why.Diagnostic, concernsPath: true);
                    break;
                case CoapOptionNumber.UriHost or CoapOptionNumber.UriPort:
                    break;
                case CoapOptionNumber.UriQuery:
                    hasQuery = true;
                    break;
                case CoapOptionNumber.OcfAcceptContentFormatVersion or CoapOptionNumber.OcfContentFormatVersion:
                    wantsVersion = true;
                    break;
                case CoapOptionNumber.ContentFormat when !TakesFormat(option, ref kind):
                    (refusal, diagnostic) = (CoapCode.UnsupportedContentFormat, "Content-Format is not 10000, 60 or 50");
                    break;
                case CoapOptionNumber.Accept when !TakesFormat(option, ref kind):
                    (refusal, diagnostic) = (CoapCode.NotAcceptable, "Accept is not 10000, 60 or 50");
                    break;
                case CoapOptionNumber.Accept when hasAccept:
                    // RFC 7252, 5.4.5; field: a device drops the connection on what it does not know.
                    (refusal, diagnostic) = (CoapCode.BadOption, "Accept is there more than once");
                    break;
                case CoapOptionNumber.Accept:
                    hasAccept = true;
                    break;
                case CoapOptionNumber.ContentFormat:
                    break;
                case CoapOptionNumber.Observe or CoapOptionNumber.Block1 or CoapOptionNumber.Block2 or CoapOptionNumber.Size1 or CoapOptionNumber.Size2:
                    kind = ForwardKind.Whole;
                    break;
                case CoapOptionNumber.ProxyUri or CoapOptionNumber.ProxyScheme:
                    // RFC 7252, 5.10.2.
                    (refusal, diagnostic) = (CoapCode.ProxyingNotSupported, "this is no forward proxy");
                    break;
                default:
                    if (option.IsCritical && diagnostic is null)
                        (refusal, diagnostic) = (CoapCode.BadOption, "an unknown critical option");
                    break;
            }
        }

        if (!path.NamesResource)
            return new ForwardPlan(ForwardKind.Refused, CoapCode.NotFound, "the path names no resource of the device", concernsPath: true);
        return diagnostic is null
            ? new ForwardPlan { Kind = kind, WantsVersion = wantsVersion, HasQuery = hasQuery }
            : new ForwardPlan(ForwardKind.Refused, refusal, diagnostic, concernsPath: false);
    }

    private static bool TakesFormat(in CoapOption option, ref ForwardKind kind)
    {
        if (!option.TryGetUInt32(out var format))
            return false;
        // Field: a device drops the connection on any other format than its own.
        if (format is CoapContentFormat.Cbor or CoapContentFormat.Json)
            kind = ForwardKind.Whole;
        return format is CoapContentFormat.OcfCbor or CoapContentFormat.Cbor or CoapContentFormat.Json;
    }

    /// <summary>The segments behind the device id, judged as the device joins them: nothing gets round the rule on <c>/oic/sec</c>.</summary>
    private ref struct PathCheck
    {
        private int _segments;
        private bool _isBelowOic;

        public readonly bool NamesResource => _segments > 1;

        public (CoapCode Code, string Diagnostic)? Add(ReadOnlySpan<byte> segment)
        {
            _segments++;
            switch (_segments)
            {
                case 1:
                    return null;
                case 2:
                    _isBelowOic = IsText(segment, "oic"u8);
                    break;
                case 3 when _isBelowOic && IsText(segment, "sec"u8):
                    return (CoapCode.Forbidden, "/oic/sec is for the device's owner alone");
            }

            return IsSegment(segment) ? null : (CoapCode.BadRequest, "a path segment is empty, dots, or holds a slash or a control character");
        }

        private static bool IsText(ReadOnlySpan<byte> segment, ReadOnlySpan<byte> text) => System.Text.Ascii.EqualsIgnoreCase(segment, text);

        private static bool IsSegment(ReadOnlySpan<byte> segment)
        {
            if (segment.IsEmpty || segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8))
                return false;
            foreach (var b in segment)
            {
                // A device written in C ends its path at a zero.
                if (b is < 0x20 or 0x7f or (byte)'/')
                    return false;
            }

            return Utf8.IsValid(segment);
        }
    }
}
