namespace OcfCloud.Host.Settings;

/// <summary>Why a text is no value of its kind; the sentence follows the quoted text.</summary>
internal readonly record struct Refusal(string Sentence);
