namespace OcfCloud.Coap;

/// <summary>What makes two requests belong to one transfer: the method and every option that does not speak of blocks (RFC 7959, 2.4, 2.5).</summary>
internal static class BlockwiseKey
{
    public static string Of(CoapMessage request)
    {
        var key = request.CopyWhere(Belongs);
        key.Token = default;
        key.Payload = default;
        return Convert.ToHexString(key.ToBytes());
    }

    /// <summary>An option that says which block a message holds, or how large the body is.</summary>
    public static bool IsBlock(int number) => (CoapOptionNumber)number
        is CoapOptionNumber.Block1 or CoapOptionNumber.Block2 or CoapOptionNumber.Size1 or CoapOptionNumber.Size2;

    // The later blocks of a notification are asked for without Observe (RFC 7959, 2.6).
    private static bool Belongs(int number) => !IsBlock(number) && number != (int)CoapOptionNumber.Observe;
}
