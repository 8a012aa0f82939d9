namespace OcfCloud.Core.Refusals;

/// <summary>What a device was refused, in a word that stays.</summary>
public static class RefusedStep
{
    /// <summary>The TLS handshake.</summary>
    public const string Handshake = "handshake";

    /// <summary>POST to <c>/oic/sec/account</c>.</summary>
    public const string SignUp = "sign-up";

    /// <summary>DELETE of <c>/oic/sec/account</c>.</summary>
    public const string Deregistration = "deregistration";

    /// <summary>POST to <c>/oic/sec/session</c> with <c>login</c> true.</summary>
    public const string SignIn = "sign-in";

    /// <summary>The same with false.</summary>
    public const string SignOut = "sign-out";

    /// <summary>POST to <c>/oic/sec/tokenrefresh</c>.</summary>
    public const string Refresh = "refresh";

    /// <summary>POST to <c>/oic/rd</c>.</summary>
    public const string Publish = "publish";

    /// <summary>DELETE of <c>/oic/rd</c>.</summary>
    public const string Unpublish = "unpublish";
}
