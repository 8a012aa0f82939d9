namespace OcfCloud.Host.Settings;

/// <summary>What a parser made of a setting's text: a value, or the rest of the sentence that refuses it ("is no duration").</summary>
internal readonly record struct Parsed<T>(T? Value, string? Refusal)
{
    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(Refusal refusal) => new(default, refusal.Sentence);
}
