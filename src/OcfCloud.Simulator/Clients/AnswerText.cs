using OcfCloud.Coap;

namespace OcfCloud.Simulator.Clients;

/// <summary>An error answer in words for people.</summary>
internal static class AnswerText
{
    /// <summary>The code and what was said to it; a cloud that only says 5.03 means that it does not reach the device.</summary>
    public static string Describe(CoapMessage answer)
    {
        var words = answer.Diagnostic;
        if (words.Length == 0 && answer.Code == CoapCode.ServiceUnavailable)
            words = "the device is offline";
        return words.Length > 0 ? $"{answer.Code}: {words}" : answer.Code.ToString();
    }
}
