namespace OcfCloud.Coap;

/// <summary>What an asker wants back with the answer; a value, so that a routed request allocates nothing.</summary>
/// <param name="Token">The token of the one who asked the asker.</param>
/// <param name="Flags">Whatever the receiver puts there.</param>
/// <param name="Subject">An object that lives anyway.</param>
public readonly record struct CoapResponseState(CoapToken Token, long Flags, object? Subject);
