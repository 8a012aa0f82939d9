using System.Text;

namespace OcfCloud.Fuzzing.Targets.Payloads;

/// <summary>JSON to put in.</summary>
internal static class JsonWords
{
    public static IEnumerable<byte[]> All { get; } = Of(
        "{", "}", "[", "]", ",", ":", "\"", "\\", "{}", "[]", "\"\"", "null", "true", "false", "0", "-0", "1e999", "-1e-999", "0.1", "18446744073709551616", "-18446744073709551617",
        "9223372036854775808", "123456789012345678901234567890", "\\ud800", "\\udc00", "\\u0000", "\\ud83d\\ude00", "\"\\ud800\":1", "\"\\udfff\"", "\"a\":", "\xff", "\"href\":", "\"rt\":[\"oic.r.light\"]",
        "\"rep\":{}", "\"if\":[\"oic.if.a\"]", "\"p\":{\"bm\":3}", "//", "/**/", " ", "\n", Coap.OptionTarget.Device, $"\"/{Coap.OptionTarget.Device}/light\"");

    public static byte[][] Of(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes), [0xff], [0xc3], [0xed, 0xa0, 0x80]];
}
