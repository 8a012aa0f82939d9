using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OcfCloud.CloudApi.Representations;

/// <summary>The two media types of this API: which one an answer has to be, and which one a body is (cloud-to-cloud.md, 1.1).</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";

    public const string OcfCbor = "application/vnd.ocf+cbor";

    /// <summary>What goes into <c>Content-Type</c>.</summary>
    public static string Name(this BodyFormat format) => format == BodyFormat.OcfCbor ? OcfCbor : Json;

    /// <summary>Picks the format of an answer (RFC 9110, 12.5.1): the higher quality; of equals the one named more exactly, then the one named first, then JSON.</summary>
    /// <param name="accept">The <c>Accept</c> header; absent or empty: JSON.</param>
    /// <param name="format">The format.</param>
    /// <returns>False where neither is acceptable (406).</returns>
    public static bool TryNegotiate(StringValues accept, out BodyFormat format)
    {
        format = BodyFormat.Json;
        if (StringValues.IsNullOrEmpty(accept) || accept.All(string.IsNullOrWhiteSpace)) return true;
        if (!MediaTypeHeaderValue.TryParseList(accept.ToArray()!, out var ranges)) return false;
        var json = Preference.Of(ranges, Json);
        var cbor = Preference.Of(ranges, OcfCbor);
        if (cbor.IsBetterThan(json)) format = BodyFormat.OcfCbor;
        return json.Quality > 0 || cbor.Quality > 0;
    }

    /// <summary>Reads the format of a body.</summary>
    /// <param name="contentType">The <c>Content-Type</c> header.</param>
    /// <param name="format">The format.</param>
    /// <returns>False where it is neither of the two, or missing (415).</returns>
    public static bool TryRead(string? contentType, out BodyFormat format)
    {
        format = BodyFormat.Json;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return false;
        if (type.MediaType.Equals(OcfCbor, StringComparison.OrdinalIgnoreCase))
        {
            format = BodyFormat.OcfCbor;
            return true;
        }

        return type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase);
    }

    private readonly record struct Preference(double Quality, int Exactness, int Place)
    {
        // RFC 9110, 12.5.1: the most specific range that matches says the quality. Parameters but q say nothing here: neither type has any.
        public static Preference Of(IList<MediaTypeHeaderValue> ranges, string mediaType)
        {
            var best = default(Preference);
            for (var i = 0; i < ranges.Count; i++)
            {
                var exactness = ranges[i].MediaType switch
                {
                    var exact when exact.Equals(mediaType, StringComparison.OrdinalIgnoreCase) => 3,
                    var type when type.Equals("application/*", StringComparison.OrdinalIgnoreCase) => 2,
                    var all when all.Equals("*/*", StringComparison.Ordinal) => 1,
                    _ => 0,
                };
                if (exactness > best.Exactness) best = new Preference(ranges[i].Quality ?? 1, exactness, i);
            }

            return best;
        }

        public bool IsBetterThan(Preference other) =>
            Quality != other.Quality ? Quality > other.Quality
            : Exactness != other.Exactness ? Exactness > other.Exactness
            : Place < other.Place;
    }
}
