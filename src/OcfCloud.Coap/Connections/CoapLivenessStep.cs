namespace OcfCloud.Coap;

/// <summary>What has to be done for a peer.</summary>
internal enum CoapLivenessStep
{
    Alive,
    PingNow,
    Gone,
}
