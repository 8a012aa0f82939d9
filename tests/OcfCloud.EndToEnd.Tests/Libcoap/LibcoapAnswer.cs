namespace OcfCloud.EndToEnd.Libcoap;

/// <summary>What libcoap's client made of an answer: null for a code where it took none.</summary>
internal sealed record LibcoapAnswer(string? Code, string Options, byte[] Payload, IReadOnlyList<string> Lines);
