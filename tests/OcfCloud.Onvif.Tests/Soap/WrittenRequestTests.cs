using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Tests.Soap;

/// <summary>What goes to a camera: elements, their order and their values, as the schemas have them.</summary>
public sealed class WrittenRequestTests
{
    private static readonly AuthorizationServerData Data = new("https://ocs.example.com/.well-known/openid-configuration", "cam-5f0c9e52", "onvif.uplink", "key_8", "certpath_2");

    [Fact]
    public void Questions_without_parameters_are_an_empty_element_of_their_service()
    {
        Envelopes.AssertWrites("<tds:GetDeviceInformation/>", DeviceCalls.GetDeviceInformation());
        Envelopes.AssertWrites("<tup:GetServiceCapabilities/>", UplinkCalls.GetServiceCapabilities());
        Envelopes.AssertWrites("<tup:GetUplinks/>", UplinkCalls.GetUplinks());
        Envelopes.AssertWrites("<tas:GetServiceCapabilities/>", SecurityCalls.GetServiceCapabilities());
        Envelopes.AssertWrites("<tas:GetAuthorizationServerConfigurations/>", SecurityCalls.GetAuthorizationServerConfigurations());
        Envelopes.AssertWrites("<tas:GetAllCertificates/>", SecurityCalls.GetAllCertificates());
        Envelopes.AssertWrites("<tas:GetAllCertPathValidationPolicies/>", SecurityCalls.GetAllCertPathValidationPolicies());
        Envelopes.AssertWrites("<tas:GetAllKeys/>", SecurityCalls.GetAllKeys());
    }

    [Fact]
    public void Deletions_name_what_goes_by_the_element_of_their_kind()
    {
        Envelopes.AssertWrites("<tup:DeleteUplink><tup:RemoteAddress>wss://pcs.example.com/onvif/uplink</tup:RemoteAddress></tup:DeleteUplink>", UplinkCalls.DeleteUplink("wss://pcs.example.com/onvif/uplink"));
        Envelopes.AssertWrites("<tas:DeleteAuthorizationServerConfiguration><tas:Token>authserver_2</tas:Token></tas:DeleteAuthorizationServerConfiguration>", SecurityCalls.DeleteAuthorizationServerConfiguration("authserver_2"));
        Envelopes.AssertWrites("<tas:DeleteKey><tas:KeyID>key_8</tas:KeyID></tas:DeleteKey>", SecurityCalls.DeleteKey("key_8"));
        Envelopes.AssertWrites("<tas:DeleteCertPathValidationPolicy><tas:CertPathValidationPolicyID>certpath_2</tas:CertPathValidationPolicyID></tas:DeleteCertPathValidationPolicy>", SecurityCalls.DeleteCertPathValidationPolicy("certpath_2"));
        Envelopes.AssertWrites("<tas:DeleteCertificate><tas:CertificateID>cert_7</tas:CertificateID></tas:DeleteCertificate>", SecurityCalls.DeleteCertificate("cert_7"));
    }

    [Fact]
    public void GetServices_asks_for_capabilities() =>
        Envelopes.AssertWrites("<tds:GetServices><tds:IncludeCapability>true</tds:IncludeCapability></tds:GetServices>", DeviceCalls.GetServices());

    [Fact]
    public void UpgradeFirmware_names_the_version_even_one_that_XML_cannot_carry()
    {
        Envelopes.AssertWrites("<tds:UpgradeFirmware><tds:Version>4.3.0</tds:Version></tds:UpgradeFirmware>", DeviceCalls.UpgradeFirmware("4.3.0"));
        Envelopes.AssertWrites("<tds:UpgradeFirmware><tds:Version>&lt;4&amp;\uFFFD\uFFFD😀</tds:Version></tds:UpgradeFirmware>", DeviceCalls.UpgradeFirmware("<4&\u0001\ud83d😀"));
    }

    [Fact]
    public void UploadCertificate_asks_for_no_private_key() => Envelopes.AssertWrites(
        """
        <tas:UploadCertificate>
          <tas:Certificate>MIIBszCCAVmgAwIBAgIUB0EXAMPL</tas:Certificate>
          <tas:Alias>ocs-root 1/1 (job 7f3a)</tas:Alias>
          <tas:KeyAlias>ocs-root 1/1 (job 7f3a)</tas:KeyAlias>
          <tas:PrivateKeyRequired>false</tas:PrivateKeyRequired>
        </tas:UploadCertificate>
        """,
        SecurityCalls.UploadCertificate(Convert.FromBase64String("MIIBszCCAVmgAwIBAgIUB0EXAMPL"), "ocs-root 1/1 (job 7f3a)"));

    [Fact]
    public void CreateCertPathValidationPolicy_lists_an_element_for_each_anchor() => Envelopes.AssertWrites(
        """
        <tas:CreateCertPathValidationPolicy>
          <tas:Alias>ocs-public</tas:Alias>
          <tas:Parameters>
            <tas:RequireTLSWWWClientAuthExtendedKeyUsage>false</tas:RequireTLSWWWClientAuthExtendedKeyUsage>
            <tas:UseDeltaCRLs>false</tas:UseDeltaCRLs>
          </tas:Parameters>
          <tas:TrustAnchor><tas:CertificateID>cert_7</tas:CertificateID></tas:TrustAnchor>
          <tas:TrustAnchor><tas:CertificateID>cert_9</tas:CertificateID></tas:TrustAnchor>
        </tas:CreateCertPathValidationPolicy>
        """,
        SecurityCalls.CreateCertPathValidationPolicy("ocs-public", ["cert_7", "cert_9"]));

    [Fact]
    public void Key_pairs_are_asked_for_by_curve_or_length()
    {
        Envelopes.AssertWrites(
            "<tas:CreateECCKeyPair><tas:EllipticCurve>secp256r1</tas:EllipticCurve><tas:Alias>ocs.example.com oauth</tas:Alias></tas:CreateECCKeyPair>",
            SecurityCalls.CreateEccKeyPair("secp256r1", "ocs.example.com oauth"));
        Envelopes.AssertWrites(
            "<tas:CreateRSAKeyPair><tas:KeyLength>3072</tas:KeyLength><tas:Alias>ocs.example.com oauth</tas:Alias></tas:CreateRSAKeyPair>",
            SecurityCalls.CreateRsaKeyPair(3072, "ocs.example.com oauth"));
        Envelopes.AssertWrites("<tas:GetKeyStatus><tas:KeyID>key_8</tas:KeyID></tas:GetKeyStatus>", SecurityCalls.GetKeyStatus("key_8"));
    }

    [Fact]
    public void CreatePKCS10CSR_has_parameters_with_RSA_alone()
    {
        Envelopes.AssertWrites(
            """
            <tas:CreatePKCS10CSR>
              <tas:Subject>
                <tas:Organization>Acme</tas:Organization>
                <tas:CommonName>cam-5f0c9e52</tas:CommonName>
                <tas:SerialNumber>00408CFA1234</tas:SerialNumber>
              </tas:Subject>
              <tas:KeyID>key_8</tas:KeyID>
              <tas:SignatureAlgorithm><tas:algorithm>1.2.840.10045.4.3.2</tas:algorithm></tas:SignatureAlgorithm>
            </tas:CreatePKCS10CSR>
            """,
            SecurityCalls.CreatePkcs10Csr(new CsrSubject("cam-5f0c9e52", "Acme", "00408CFA1234"), "key_8", SecurityCalls.EcdsaWithSha256));
        Envelopes.AssertWrites(
            """
            <tas:CreatePKCS10CSR>
              <tas:Subject><tas:CommonName>cam-5f0c9e52</tas:CommonName></tas:Subject>
              <tas:KeyID>key_8</tas:KeyID>
              <tas:SignatureAlgorithm>
                <tas:algorithm>1.2.840.113549.1.1.11</tas:algorithm>
                <tas:parameters>BQA=</tas:parameters>
              </tas:SignatureAlgorithm>
            </tas:CreatePKCS10CSR>
            """,
            SecurityCalls.CreatePkcs10Csr(new CsrSubject("cam-5f0c9e52", null, null), "key_8", SecurityCalls.RsaWithSha256));
    }

    [Fact]
    public void Authorization_server_configurations_are_made_and_replaced()
    {
        const string Children =
            """
            <tas:ServerUri>https://ocs.example.com/.well-known/openid-configuration</tas:ServerUri>
            <tas:ClientID>cam-5f0c9e52</tas:ClientID>
            <tas:Scope>onvif.uplink</tas:Scope>
            <tas:KeyID>key_8</tas:KeyID>
            <tas:CertPathValidationPolicyID>certpath_2</tas:CertPathValidationPolicyID>
            """;
        Envelopes.AssertWrites(
            $"""
             <tas:CreateAuthorizationServerConfiguration>
               <tas:Configuration Type="OAuthClientCredentials" ClientAuth="private_key_jwt">{Children}</tas:Configuration>
             </tas:CreateAuthorizationServerConfiguration>
             """,
            SecurityCalls.CreateAuthorizationServerConfiguration(Data));
        Envelopes.AssertWrites(
            $"""
             <tas:SetAuthorizationServerConfiguration>
               <tas:Configuration token="authserver_2">
                 <tas:Data Type="OAuthClientCredentials" ClientAuth="private_key_jwt">{Children}</tas:Data>
               </tas:Configuration>
             </tas:SetAuthorizationServerConfiguration>
             """,
            SecurityCalls.SetAuthorizationServerConfiguration("authserver_2", Data));
        Envelopes.AssertWrites(
            """
            <tas:CreateAuthorizationServerConfiguration>
              <tas:Configuration Type="OAuthClientCredentials" ClientAuth="private_key_jwt"><tas:ServerUri>https://a.example/</tas:ServerUri><tas:KeyID>k</tas:KeyID></tas:Configuration>
            </tas:CreateAuthorizationServerConfiguration>
            """,
            SecurityCalls.CreateAuthorizationServerConfiguration(new AuthorizationServerData("https://a.example/", null, null, "k", null)));
    }

    [Fact]
    public void SetUplink_says_neither_certificate_nor_status() => Envelopes.AssertWrites(
        """
        <tup:SetUplink>
          <tup:Configuration>
            <tup:RemoteAddress>wss://ocs.example.com/onvif/uplink</tup:RemoteAddress>
            <tup:UserLevel>Administrator</tup:UserLevel>
            <tup:CertPathValidationPolicyID>certpath_2</tup:CertPathValidationPolicyID>
            <tup:AuthorizationServer>authserver_2</tup:AuthorizationServer>
          </tup:Configuration>
        </tup:SetUplink>
        """,
        UplinkCalls.SetUplink("wss://ocs.example.com/onvif/uplink", "Administrator", "certpath_2", "authserver_2"));
}
