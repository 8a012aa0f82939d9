using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class ShareTokenServices
{
    /// <summary>For commands and the host.</summary>
    public static void Add(IServiceCollection services) => services.TryAddSingleton(provider => new ShareTokenDesk(
        provider.GetRequiredService<TokenSigning>(), provider.GetRequiredService<Store>(), provider.GetRequiredService<AuditTrail>(), provider.GetRequiredService<IOptions<OnvifOptions>>(),
        provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ShareTokenDesk>>()));

    /// <summary>The HTTP endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => ShareTokensApi.Map(endpoints);
}
