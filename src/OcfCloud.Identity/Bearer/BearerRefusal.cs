namespace OcfCloud.Identity.Bearer;

/// <summary>Why a request was refused for its bearer token: a feature of the request, for whoever writes the body of the answer.</summary>
/// <param name="Detail">What the caller has to mend, in one or two sentences.</param>
public sealed record BearerRefusal(string Detail);
