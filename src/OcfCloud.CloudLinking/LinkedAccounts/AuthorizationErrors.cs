using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The errors of an authorization endpoint (RFC 6749, 4.1.2.1) and of a token endpoint (5.2), in words for the user.</summary>
internal static class AuthorizationErrors
{
    private const int MaxSaid = 200;

    public const string Again = "Nothing was linked. Start again on the page Linked clouds.";

    /// <summary>What an <c>error</c> of the authorization endpoint means.</summary>
    public static string OfAuthorization(string error) => error switch
    {
        "access_denied" => "The link was not allowed at the other cloud, so nothing was linked. If that was not what you wanted, start again and allow it there.",
        "invalid_request" => "The other cloud did not understand what this cloud asked, so nothing was linked. Tell the administrator of this cloud.",
        "unauthorized_client" => "The other cloud does not let this cloud ask for a link. Tell the administrator of this cloud: its registration there is not right.",
        "unsupported_response_type" => "The other cloud cannot link accounts in the way that this cloud does. Tell the administrator of this cloud.",
        "invalid_scope" => "The other cloud does not give what this cloud asks for. Tell the administrator of this cloud: the scope is not right.",
        "server_error" => "Something went wrong at the other cloud, so nothing was linked. Try again later.",
        "temporarily_unavailable" => "The other cloud is busy or being maintained, so nothing was linked. Try again later.",
        "login_required" or "interaction_required" or "consent_required" or "account_selection_required" =>
            "The other cloud has to ask you something first, so nothing was linked. Log in there, then start again here.",
        _ => $"The other cloud answered with an error that this cloud does not know ({Shown(error, 64)}), so nothing was linked.",
    };

    /// <summary>What an <c>error</c> of the token endpoint means for a link that was begun; null where it answered none.</summary>
    public static string OfToken(string? error, string? words) => error switch
    {
        TokenErrors.InvalidGrant => "The other cloud's permission had run out or was used before. " + Again,
        not null => $"{TokenErrors.WordsOf(error)} Nothing was linked.",
        null => $"{words ?? "The other cloud cannot be reached at this moment."} {Again}",
    };

    /// <summary>A stranger's text as it may be shown: one short line of the characters that the standard allows; null where nothing is left.</summary>
    public static string? Said(string? text) => text is null || Shown(text, MaxSaid) is not { Length: > 0 } shown ? null : shown;

    // RFC 6749, appendix A.7 and A.8: visible ASCII and spaces. Who needs other letters gets a question mark.
    private static string Shown(string text, int length) =>
        new string([.. text.Take(length).Select(letter => letter is >= ' ' and <= '~' ? letter : '?')]).Trim() + (text.Length > length ? "…" : "");
}
