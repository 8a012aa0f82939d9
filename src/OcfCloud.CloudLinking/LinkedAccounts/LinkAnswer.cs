namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The other cloud's answer as the user's browser brought it (RFC 6749, 4.1.2). Nothing in it is believed yet.</summary>
/// <param name="State"><c>state</c>; null: none, or several.</param>
public sealed record LinkAnswer(string? State)
{
    /// <summary><c>code</c>.</summary>
    public string? Code { get; init; }

    /// <summary><c>error</c> (RFC 6749, 4.1.2.1).</summary>
    public string? Error { get; init; }

    /// <summary><c>error_description</c>.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary><c>iss</c> (RFC 9207).</summary>
    public string? Issuer { get; init; }

    /// <summary>Whether a parameter came more than once (RFC 6749, 3.1: it shall not).</summary>
    public bool IsRepeated { get; init; }
}
