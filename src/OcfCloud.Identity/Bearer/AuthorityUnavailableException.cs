namespace OcfCloud.Identity.Bearer;

/// <summary>The external authority's keys cannot be had, so its tokens can be neither accepted nor refused (503).</summary>
/// <param name="cause">What happened.</param>
public sealed class AuthorityUnavailableException(Exception cause) : Exception("The external authorization server does not answer.", cause);
