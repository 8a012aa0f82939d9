namespace OcfCloud.CloudApi.Representations;

/// <summary>How a body is written (cloud-to-cloud.md, 1.1).</summary>
internal enum BodyFormat
{
    /// <summary><c>application/json</c>.</summary>
    Json,

    /// <summary><c>application/vnd.ocf+cbor</c>.</summary>
    OcfCbor,
}
