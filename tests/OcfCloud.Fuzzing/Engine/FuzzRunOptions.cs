namespace OcfCloud.Fuzzing.Engine;

/// <summary>What bounds a run, and where it reads and writes.</summary>
/// <param name="Executions">It ends after so many.</param>
/// <param name="Time">Or after so long.</param>
/// <param name="Corpus">The kept corpus of all targets, to begin with.</param>
/// <param name="Work">Where the run's inputs and findings go.</param>
/// <param name="Seed">Another seed, another run.</param>
internal sealed record FuzzRunOptions(long Executions, TimeSpan Time, string Corpus, string Work, ulong Seed);
