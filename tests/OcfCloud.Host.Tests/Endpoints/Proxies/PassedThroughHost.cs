namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>Behind a proxy that passes the TLS of https through, and ends that of cameras.</summary>
public sealed class PassedThroughHost() : ProxiedHost("--OcfCloud:Endpoints:ProxyProtocolOnHttps=true", "--OcfCloud:Endpoints:ProxyProtocolOnUplink=false");
