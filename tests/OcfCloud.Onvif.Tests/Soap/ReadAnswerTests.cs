using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Tests.Soap;

/// <summary>What a camera answers, to all its values.</summary>
public sealed class ReadAnswerTests
{
    private const string Keystore =
        """
        <tas:Capabilities>
          <tas:KeystoreCapabilities MaximumNumberOfKeys="16" MaximumNumberOfCertificates="17" MaximumNumberOfCertificationPaths="4"
              KeyPairGeneration="RSA ECC" RSAKeyLengths="3072 4096" EllipticCurves="secp256r1 secp384r1" PKCS10="true"
              MaximumNumberOfCertificationPathValidationPolicies="8">
            <tas:SignatureAlgorithms><tas:algorithm>1.2.840.10045.4.3.2</tas:algorithm></tas:SignatureAlgorithms>
            <tas:SignatureAlgorithms><tas:algorithm>1.2.840.113549.1.1.11</tas:algorithm></tas:SignatureAlgorithms>
          </tas:KeystoreCapabilities>
          <tas:TLSServerCapabilities TLSServerSupported="1.2 1.3"/>
          <tas:AuthorizationServer MaxConfigurations="4" ConfigurationTypesSupported="OAuthClientCredentials" ClientAuthenticationMethodsSupported="private_key_jwt tls_client_auth"/>
        </tas:Capabilities>
        """;

    private const string Uplinks = """<tup:Capabilities MaxUplinks="4" Protocols="https wss" AuthorizationModes="mTLS AccessToken" StreamingOverUplink="true"/>""";

    [Fact]
    public void GetServices_gives_paths_without_scheme_and_host_and_capabilities()
    {
        var services = Envelopes.Read(DeviceCalls.GetServices(), $"""
            <tds:GetServicesResponse>
              <tds:Service>
                <tds:Namespace>http://www.onvif.org/ver10/device/wsdl</tds:Namespace><tds:XAddr>https://uplink/onvif/device_service</tds:XAddr>
                <tds:Capabilities><tds:Capabilities><tds:Network/></tds:Capabilities></tds:Capabilities>
                <tds:Version><tt:Major>26</tt:Major><tt:Minor>6</tt:Minor></tds:Version>
              </tds:Service>
              <tds:Service>
                <tds:Namespace>http://www.onvif.org/ver10/advancedsecurity/wsdl</tds:Namespace><tds:XAddr>http://192.168.1.7:8080/onvif/security?a=b</tds:XAddr>
                <tds:Capabilities>{Keystore}</tds:Capabilities>
              </tds:Service>
              <tds:Service>
                <tds:Namespace>http://www.onvif.org/ver10/uplink/wsdl</tds:Namespace><tds:XAddr>https://uplink/onvif/uplink_service</tds:XAddr>
                <tds:Capabilities>{Uplinks}</tds:Capabilities>
              </tds:Service>
            </tds:GetServicesResponse>
            """)!;

        Assert.Equal(("/onvif/security?a=b", "/onvif/uplink_service"), (services.SecurityPath, services.UplinkPath));
        AssertKeystore(services.Security!);
        AssertUplinks(services.Uplink!);
    }

    [Fact]
    public void Capabilities_are_read_where_each_service_says_them()
    {
        AssertKeystore(Envelopes.Read(SecurityCalls.GetServiceCapabilities(), $"<tas:GetServiceCapabilitiesResponse>{Keystore}</tas:GetServiceCapabilitiesResponse>")!);
        AssertUplinks(Envelopes.Read(UplinkCalls.GetServiceCapabilities(), $"<tup:GetServiceCapabilitiesResponse>{Uplinks}</tup:GetServiceCapabilitiesResponse>")!);
    }

    [Fact]
    public void Old_firmware_that_says_little_has_https_and_RSA()
    {
        var services = Envelopes.Read(DeviceCalls.GetServices(), "<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/uplink/wsdl</tds:Namespace><tds:XAddr>ftp://x/y</tds:XAddr></tds:Service></tds:GetServicesResponse>")!;
        Assert.Equal(new CameraServices(null, null, null, null), services);
        var uplinks = Envelopes.Read(UplinkCalls.GetServiceCapabilities(), "<tup:GetServiceCapabilitiesResponse><tup:Capabilities/></tup:GetServiceCapabilitiesResponse>")!;
        Assert.Equal(["https"], uplinks.Protocols);
        Assert.Null(uplinks.MaxUplinks);
        var keystore = Envelopes.Read(SecurityCalls.GetServiceCapabilities(), """<tas:GetServiceCapabilitiesResponse><tas:Capabilities><tas:KeystoreCapabilities RSAKeyPairGeneration="true"/></tas:Capabilities></tas:GetServiceCapabilitiesResponse>""")!;
        Assert.Equal(["RSA"], keystore.KeyPairGeneration);
        Assert.Null(keystore.MaxAuthorizationServers);
    }

    [Fact]
    public void GetDeviceInformation_has_all_five_and_is_cut_to_what_is_stored()
    {
        const string Rest = "<tds:Model>AC-2000</tds:Model><tds:FirmwareVersion>4.2.1</tds:FirmwareVersion><tds:SerialNumber>00408CFA1234</tds:SerialNumber>";
        var call = DeviceCalls.GetDeviceInformation();
        Assert.Equal(
            new DeviceInformation("Acme", "AC-2000", "4.2.1", "00408CFA1234", "7B1"),
            Envelopes.Read(call, $"<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer>{Rest}<tds:HardwareId>7B1</tds:HardwareId></tds:GetDeviceInformationResponse>"));
        Assert.Null(Envelopes.Read(call, $"<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer>{Rest}</tds:GetDeviceInformationResponse>"));
        var longest = Envelopes.Read(call, $"<tds:GetDeviceInformationResponse><tds:Manufacturer>{new string('m', 1000)}</tds:Manufacturer>{Rest}<tds:HardwareId/></tds:GetDeviceInformationResponse>")!;
        Assert.Equal((256, ""), (longest.Manufacturer.Length, longest.HardwareId));
    }

    [Fact]
    public void GetUplinks_lists_each_with_its_state()
    {
        var uplinks = Envelopes.Read(UplinkCalls.GetUplinks(), """
            <tup:GetUplinksResponse>
              <tup:Configuration>
                <tup:RemoteAddress>wss://pcs.example.com/onvif/uplink</tup:RemoteAddress>
                <tup:UserLevel>Administrator</tup:UserLevel>
                <tup:Status>Connected</tup:Status>
                <tup:CertPathValidationPolicyID>certpath_1</tup:CertPathValidationPolicyID>
                <tup:AuthorizationServer>authserver_1</tup:AuthorizationServer>
              </tup:Configuration>
              <tup:Configuration>
                <tup:RemoteAddress>https://other.example.com/up</tup:RemoteAddress><tup:CertificateID>cert_1</tup:CertificateID>
                <tup:UserLevel>Operator User</tup:UserLevel><tup:Status>offline</tup:Status><tup:Error>TLS failed</tup:Error>
              </tup:Configuration>
              <tup:Configuration><tup:RemoteAddress>https://old.example.com/</tup:RemoteAddress><tup:UserLevel>User Administrator</tup:UserLevel><tup:Status>online</tup:Status></tup:Configuration>
            </tup:GetUplinksResponse>
            """)!;

        Assert.Equal(["wss://pcs.example.com/onvif/uplink", "https://other.example.com/up", "https://old.example.com/"], uplinks.Select(one => one.RemoteAddress));
        Assert.Equal([true, false, true], uplinks.Select(one => one.IsConnected));
        Assert.Equal([true, false, true], uplinks.Select(one => one.IsAdministrator));
        Assert.Equal(("certpath_1", "authserver_1", null, null), (uplinks[0].PolicyId, uplinks[0].AuthorizationServer, uplinks[0].CertificateId, uplinks[0].Error));
        Assert.Equal(("cert_1", "TLS failed"), (uplinks[1].CertificateId, uplinks[1].Error));
        Assert.Empty(Envelopes.Read(UplinkCalls.GetUplinks(), "<tup:GetUplinksResponse/>")!);
        Assert.Null(Envelopes.Read(UplinkCalls.GetUplinks(), "<tup:GetUplinksResponse><tup:Configuration/></tup:GetUplinksResponse>"));
    }

    [Fact]
    public void Authorization_server_configurations_are_read_with_all_they_refer_to()
    {
        var one = Assert.Single(Envelopes.Read(SecurityCalls.GetAuthorizationServerConfigurations(), """
            <tas:GetAuthorizationServerConfigurationsResponse>
              <tas:Configuration token="authserver_1">
                <tas:Data Type="OAuthClientCredentials" ClientAuth="private_key_jwt">
                  <tas:ServerUri>https://pcs.example.com/.well-known/openid-configuration</tas:ServerUri>
                  <tas:ClientID>cam-00408CFA1234</tas:ClientID>
                  <tas:Scope>onvif.uplink</tas:Scope>
                  <tas:KeyID>key_1</tas:KeyID>
                  <tas:CertPathValidationPolicyID>certpath_1</tas:CertPathValidationPolicyID>
                </tas:Data>
              </tas:Configuration>
            </tas:GetAuthorizationServerConfigurationsResponse>
            """)!);
        Assert.Equal(
            new AuthorizationServerEntry("authserver_1", new AuthorizationServerData("https://pcs.example.com/.well-known/openid-configuration", "cam-00408CFA1234", "onvif.uplink", "key_1", "certpath_1")),
            one);
        Assert.Equal("authserver_2", Envelopes.Read(SecurityCalls.CreateAuthorizationServerConfiguration(one.Data), "<tas:CreateAuthorizationServerConfigurationResponse><tas:Token>authserver_2</tas:Token></tas:CreateAuthorizationServerConfigurationResponse>"));
    }

    [Fact]
    public void Certificates_policies_and_keys_are_read_with_their_aliases()
    {
        Assert.Equal(new UploadedCertificate("cert_7", "key_7"), Envelopes.Read(SecurityCalls.UploadCertificate([1], "a"), "<tas:UploadCertificateResponse><tas:CertificateID>cert_7</tas:CertificateID><tas:KeyID>key_7</tas:KeyID></tas:UploadCertificateResponse>"));
        var certificate = Assert.Single(Envelopes.Read(SecurityCalls.GetAllCertificates(), """
            <tas:GetAllCertificatesResponse>
              <tas:Certificate>
                <tas:CertificateID>cert_7</tas:CertificateID><tas:KeyID>key_7</tas:KeyID><tas:Alias>ocs-root 1/1 (job 7f3a)</tas:Alias>
                <tas:CertificateContent>MIIBszCC
                   AVmg</tas:CertificateContent><tas:HasPrivateKey>false</tas:HasPrivateKey>
              </tas:Certificate>
            </tas:GetAllCertificatesResponse>
            """)!);
        Assert.Equal(("cert_7", "key_7", "ocs-root 1/1 (job 7f3a)", false), (certificate.CertificateId, certificate.KeyId, certificate.Alias, certificate.HasPrivateKey));
        Assert.Equal(Convert.FromBase64String("MIIBszCCAVmg"), certificate.Content);
        Assert.Null(Envelopes.Read(SecurityCalls.GetAllCertificates(), "<tas:GetAllCertificatesResponse><tas:Certificate><tas:CertificateID>c</tas:CertificateID><tas:CertificateContent>%</tas:CertificateContent></tas:Certificate></tas:GetAllCertificatesResponse>"));

        Assert.Equal("certpath_2", Envelopes.Read(SecurityCalls.CreateCertPathValidationPolicy("a", []), "<tas:CreateCertPathValidationPolicyResponse><tas:CertPathValidationPolicyID>certpath_2</tas:CertPathValidationPolicyID></tas:CreateCertPathValidationPolicyResponse>"));
        var policy = Assert.Single(Envelopes.Read(SecurityCalls.GetAllCertPathValidationPolicies(), """
            <tas:GetAllCertPathValidationPoliciesResponse>
              <tas:CertPathValidationPolicy>
                <tas:CertPathValidationPolicyID>certpath_2</tas:CertPathValidationPolicyID><tas:Alias>ocs-public</tas:Alias><tas:Parameters/>
                <tas:TrustAnchor><tas:CertificateID>cert_7</tas:CertificateID></tas:TrustAnchor><tas:TrustAnchor><tas:CertificateID>cert_8</tas:CertificateID></tas:TrustAnchor>
              </tas:CertPathValidationPolicy>
            </tas:GetAllCertPathValidationPoliciesResponse>
            """)!);
        Assert.Equal(("certpath_2", "ocs-public"), (policy.PolicyId, policy.Alias));
        Assert.Equal(["cert_7", "cert_8"], policy.CertificateIds);

        var key = Assert.Single(Envelopes.Read(SecurityCalls.GetAllKeys(), """
            <tas:GetAllKeysResponse>
              <tas:KeyAttribute><tas:KeyID>key_8</tas:KeyID><tas:Alias>a</tas:Alias><tas:hasPrivateKey>true</tas:hasPrivateKey><tas:KeyStatus>generating</tas:KeyStatus></tas:KeyAttribute>
            </tas:GetAllKeysResponse>
            """)!);
        Assert.Equal(new StoredKey("key_8", "a", true, KeyStatus.Generating), key);
    }

    [Fact]
    public void Keys_come_with_the_time_they_take_and_requests_without_white_space()
    {
        Assert.Equal(new KeyCreation("key_8", TimeSpan.FromSeconds(1)), Envelopes.Read(SecurityCalls.CreateEccKeyPair("c", "a"), "<tas:CreateECCKeyPairResponse><tas:KeyID>key_8</tas:KeyID><tas:EstimatedCreationTime>PT1S</tas:EstimatedCreationTime></tas:CreateECCKeyPairResponse>"));
        Assert.Equal(new KeyCreation("key_8", TimeSpan.FromSeconds(20)), Envelopes.Read(SecurityCalls.CreateRsaKeyPair(1, "a"), "<tas:CreateRSAKeyPairResponse><tas:KeyID>key_8</tas:KeyID><tas:EstimatedCreationTime>PT20S</tas:EstimatedCreationTime></tas:CreateRSAKeyPairResponse>"));
        Assert.Equal(KeyStatus.Ok, Envelopes.Read(SecurityCalls.GetKeyStatus("k"), "<tas:GetKeyStatusResponse><tas:KeyStatus>ok</tas:KeyStatus></tas:GetKeyStatusResponse>")!.Status);
        Assert.Equal(KeyStatus.Corrupt, Envelopes.Read(SecurityCalls.GetKeyStatus("k"), "<tas:GetKeyStatusResponse><tas:KeyStatus>corrupt</tas:KeyStatus></tas:GetKeyStatusResponse>")!.Status);
        Assert.Equal(Convert.FromBase64String("MIIBCTCBsAIBADBOEXAMPA=="), Envelopes.Read(SecurityCalls.CreatePkcs10Csr(new CsrSubject("c", null, null), "k", "a"), "<tas:CreatePKCS10CSRResponse><tas:PKCS10CSR>\n MIIBCTCBsAIB\n ADBOEXAMPA== </tas:PKCS10CSR></tas:CreatePKCS10CSRResponse>"));
        Assert.Equal("PT3M", Envelopes.Read(DeviceCalls.UpgradeFirmware("1"), "<tds:UpgradeFirmwareResponse><tds:ExpectedDownTime>PT3M</tds:ExpectedDownTime></tds:UpgradeFirmwareResponse>"));
        Assert.Null(Envelopes.Read(DeviceCalls.UpgradeFirmware("1"), "<tds:UpgradeFirmwareResponse><tds:ExpectedDownTime>soon</tds:ExpectedDownTime></tds:UpgradeFirmwareResponse>"));
    }

    private static void AssertKeystore(SecurityCapabilities keystore)
    {
        Assert.Equal((16, 17, 8, 4, true), (keystore.MaxKeys, keystore.MaxCertificates, keystore.MaxPolicies, keystore.MaxAuthorizationServers, keystore.Pkcs10));
        Assert.Equal(["RSA", "ECC"], keystore.KeyPairGeneration);
        Assert.Equal(["secp256r1", "secp384r1"], keystore.EllipticCurves);
        Assert.Equal([3072, 4096], keystore.RsaKeyLengths);
        Assert.Equal(["1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"], keystore.SignatureAlgorithms);
        Assert.Equal(["OAuthClientCredentials"], keystore.ConfigurationTypes);
        Assert.Equal(["private_key_jwt", "tls_client_auth"], keystore.ClientAuthenticationMethods);
    }

    private static void AssertUplinks(UplinkCapabilities uplinks)
    {
        Assert.Equal((4, true), (uplinks.MaxUplinks, uplinks.StreamingOverUplink));
        Assert.Equal(["https", "wss"], uplinks.Protocols);
        Assert.Equal(["mTLS", "AccessToken"], uplinks.AuthorizationModes);
    }
}
