namespace OcfCloud.CloudLinking;

/// <summary>This cloud as Origin Cloud.</summary>
public sealed class CloudLinkingOptions
{
    /// <summary>This cloud's UUID: a Target with the same is refused.</summary>
    public Guid CloudId { get; set; }

    /// <summary>The public URL of this cloud, without a slash at its end: redirect URIs and the event receiver are below it.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>How often a Target without events is asked. Default 1 minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a Target may take for one answer, its refreshed token included. Default 20 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
