using System.Formats.Cbor;

namespace OcfCloud.Core.Payloads;

/// <summary>Changes the hrefs of links and batch items inside CBOR; every other byte stays as it is.</summary>
internal sealed class CborHrefs
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly CborReader _reader;
    private readonly Func<string, string> _change;
    private readonly List<(int Start, int End, string Href)> _edits = [];

    private CborHrefs(ReadOnlyMemory<byte> payload, Func<string, string> change)
    {
        _payload = payload;
        _reader = new CborReader(payload, CborConformanceMode.Lax);
        _change = change;
    }

    private int Position => _payload.Length - _reader.BytesRemaining;

    private bool IsAtText => _reader.PeekState() is CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString;

    public static bool TryRewrite(ReadOnlyMemory<byte> payload, Func<string, string> change, out ReadOnlyMemory<byte> rewritten)
    {
        rewritten = payload;
        // Also what bounds the depth of the walk.
        if (!CborValidation.IsWellFormed(payload.Span)) return false;
        var hrefs = new CborHrefs(payload, change);
        hrefs.Visit();
        if (hrefs._edits.Count > 0) rewritten = hrefs.Splice();
        return true;
    }

    private void Visit()
    {
        switch (_reader.PeekState())
        {
            case CborReaderState.StartArray:
                _reader.ReadStartArray();
                while (_reader.PeekState() != CborReaderState.EndArray) Visit();
                _reader.ReadEndArray();
                break;
            case CborReaderState.StartMap:
                VisitMap();
                break;
            case CborReaderState.Tag:
                _reader.ReadTag();
                Visit();
                break;
            default:
                _reader.SkipValue();
                break;
        }
    }

    private void VisitMap()
    {
        (int Start, int End, string Href)? found = null;
        var isLink = false;
        _reader.ReadStartMap();
        while (_reader.PeekState() != CborReaderState.EndMap)
        {
            var name = ReadName();
            isLink |= name is "rt" or "rep";
            var start = Position;
            if (name != "href" || !IsAtText)
            {
                Visit();
                continue;
            }

            var href = _reader.ReadTextString();
            found = (start, Position, href);
        }

        _reader.ReadEndMap();
        if (isLink && found is { } link && _change(link.Href) is var changed && changed != link.Href) _edits.Add(link with { Href = changed });
    }

    private string? ReadName()
    {
        if (IsAtText) return _reader.ReadTextString();
        _reader.SkipValue();
        return null;
    }

    private byte[] Splice()
    {
        using var spliced = new MemoryStream(_payload.Length + (64 * _edits.Count));
        var copied = 0;
        // Found inside out; written in the order of the bytes.
        foreach (var (start, end, href) in _edits.OrderBy(edit => edit.Start))
        {
            spliced.Write(_payload.Span[copied..start]);
            var text = new CborWriter();
            text.WriteTextString(href);
            spliced.Write(text.Encode());
            copied = end;
        }

        spliced.Write(_payload.Span[copied..]);
        return spliced.ToArray();
    }
}
