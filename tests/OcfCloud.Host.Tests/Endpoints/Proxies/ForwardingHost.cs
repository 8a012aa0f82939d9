namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>Behind a proxy that ends the TLS of https, as the settings take it for granted.</summary>
public sealed class ForwardingHost : ProxiedHost;
