using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>A request that asks for nothing in particular: a path, at most the format that is the default, no query, no blocks, no body.</summary>
internal static class PlainRequest
{
    /// <summary>Whether a request is one; allocates nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wantsVersion">Whether it names OCF's version of the format, which its answer then names too.</param>
    public static bool Is(in CoapFrame request, out bool wantsVersion)
    {
        wantsVersion = false;
        if (!request.Payload.IsEmpty)
            return false;
        var accepts = 0;
        var options = request.ReadOptions();
        while (options.MoveNext())
        {
            var option = options.Current;
            switch ((CoapOptionNumber)option.Number)
            {
                case CoapOptionNumber.UriPath or CoapOptionNumber.UriHost or CoapOptionNumber.UriPort:
                    break;
                case CoapOptionNumber.Accept when accepts++ == 0 && option.TryGetUInt32(out var format) && format == CoapContentFormat.OcfCbor:
                    break;
                case CoapOptionNumber.OcfAcceptContentFormatVersion or CoapOptionNumber.OcfContentFormatVersion:
                    wantsVersion = true;
                    break;
                // RFC 7252, 5.4.1: what is elective and not known is passed over. Observe is elective, and known where it means something.
                default:
                    if (option.IsCritical || option.Number == (int)CoapOptionNumber.Observe)
                        return false;
                    break;
            }
        }

        return true;
    }
}
