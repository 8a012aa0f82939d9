namespace OcfCloud.Simulator.Cameras.Enrolment;

/// <summary>How an enrolled camera proves itself to its cloud.</summary>
internal enum EnrolmentProof
{
    /// <summary>To the authorization server by assertions of its key.</summary>
    PrivateKeyJwt,

    /// <summary>To the authorization server by a certificate of its key.</summary>
    TlsClientAuth,

    /// <summary>To the uplink by a certificate of its key, without an access token.</summary>
    UplinkCertificate,
}
