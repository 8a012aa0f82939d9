namespace OcfCloud.CloudLinking.Targets;

/// <summary>The encodings that clouds speak about resources (30118-10, 6.2): what is <c>application/cbor</c> (60) here goes as OCF's CBOR, which has the same bytes.</summary>
internal enum RemoteFormat
{
    Json,
    OcfCbor,
}
