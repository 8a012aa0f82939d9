namespace OcfCloud.Identity.Http;

/// <summary>
/// How the API document shows an endpoint whose route pattern does not say it: a catch-all stands for one path of the document, or for several. An endpoint
/// may carry any number of these; it appears once for each.
/// </summary>
/// <param name="Path">Below the host, parameters in braces: <c>/api/v1/devices/{deviceId}</c>.</param>
/// <param name="Summary">One line.</param>
public sealed record DocumentedRoute(string Path, string Summary)
{
    /// <summary>The request's body on this path; null: what the endpoint itself says.</summary>
    public DocumentedBody? Body { get; init; }

    /// <summary>Statuses of the endpoint that this path never has.</summary>
    public IReadOnlyList<int> NeverAnswers { get; init; } = [];
}
