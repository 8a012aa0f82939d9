using QRCoder;
using QRCoder.Exceptions;

namespace OcfCloud.Console.Cameras;

/// <summary>Texts as QR codes, which another cloud's app reads from the screen.</summary>
internal static class QrCode
{
    private const int PixelsPerModule = 4;

    /// <summary>A PNG as a <c>data:</c> URL: no other request, with the text in its address, has to fetch it.</summary>
    /// <returns>Null: the text is longer than a QR code can be.</returns>
    public static string? UrlOf(string text)
    {
        try
        {
            return Draw(text);
        }
        catch (DataTooLongException)
        {
            return null;
        }
    }

    private static string Draw(string text)
    {
        // The least redundancy, so that the squares of a long text are large; a screen has no scratches.
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var image = new PngByteQRCode(code);
        return $"data:image/png;base64,{Convert.ToBase64String(image.GetGraphic(PixelsPerModule))}";
    }
}
