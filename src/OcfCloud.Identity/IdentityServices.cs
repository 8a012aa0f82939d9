using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Metrics;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;

namespace OcfCloud.Identity;

/// <summary>Brings users, tokens and bearer checks into the container. Core and its store are added beside it.</summary>
public static class IdentityServices
{
    // OWASP's figure for PBKDF2 with HMAC-SHA512.
    private const int PasswordIterations = 210_000;

    /// <summary>Adds users, the key ring, signing keys and the issuing of tokens: what commands need as well as the host.</summary>
    public static IServiceCollection AddCloudIdentity(this IServiceCollection services, Action<AccessTokenOptions> tokens, KeyRingOptions keyRing)
    {
        services.Configure(tokens);
        services.TryAddSingleton(provider => new IdentityMetrics(provider.GetService<IMeterFactory>()));
        AddUsers(services);
        AddKeyRing(services, keyRing);
        services.TryAddSingleton<TokenSigningKeys>();
        services.TryAddSingleton(provider => new AccessTokens(
            provider.GetRequiredService<TokenSigningKeys>(),
            provider.GetRequiredService<IOptions<AccessTokenOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new TokenSigning(provider.GetRequiredService<TokenSigningKeys>()));
        services.TryAddSingleton(provider => new DeviceClientRegister(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<IOptions<DeviceClientOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new DeviceTokens(
            provider.GetRequiredService<Store>(),
            provider.GetRequiredService<TokenSigningKeys>(),
            provider.GetRequiredService<IOptions<AccessTokenOptions>>(),
            provider.GetRequiredService<IOptions<DeviceClientOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        AuthorizationServerServices.AddStores(services);
        services.TryAddSingleton(provider => new CloudClients(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<SubscriptionRevocation>(), provider.GetRequiredService<AuditTrail>(), provider.GetRequiredService<IServiceScopeFactory>()));
        services.TryAddSingleton(provider => new UserGrants(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<SubscriptionRevocation>(), provider.GetRequiredService<AuditTrail>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Adds the checks of bearer tokens, ours and those of the external authority where one is set.</summary>
    public static IServiceCollection AddCloudBearerChecks(this IServiceCollection services, Action<ExternalAuthorityOptions> external, Action<KnownUsersOptions> users)
    {
        services.Configure(external);
        services.Configure(users);
        services.TryAddSingleton<KnownUsers>();
        services.TryAddSingleton<RevokedTokens>();
        services.TryAddSingleton<ClientCalls>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, OwnTokenChecks>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, ExternalTokenChecks>();

        var authentication = services.AddAuthentication(BearerSchemes.Bearer)
            .AddPolicyScheme(BearerSchemes.Bearer, null, policy => policy.ForwardDefaultSelector = SchemeOf)
            .AddJwtBearer(BearerSchemes.Own);
        var probe = new ExternalAuthorityOptions();
        external(probe);
        if (probe.Authority is not null)
        {
            authentication.AddJwtBearer(BearerSchemes.External);
        }

        services.AddAuthorization();
        return services;
    }

    private static string SchemeOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<ExternalAuthorityOptions>>().Value.Authority is { } authority
            && BearerEndpoints.TokenOf(context.Request)?.Issuer == authority
            ? BearerSchemes.External
            : BearerSchemes.Own;

    private static void AddUsers(IServiceCollection services)
    {
        services.TryAddSingleton<UserAccounts>();
        services.TryAddSingleton(provider => new LogIn(
            provider.GetRequiredService<Store>(),
            provider.GetRequiredService<UserAccounts>(),
            new PasswordHasher<User>(provider.GetRequiredService<IOptions<PasswordHasherOptions>>()),
            provider.GetRequiredService<AuditedRefusals>(),
            provider.GetRequiredService<IOptions<IdentityOptions>>(),
            provider.GetRequiredService<IdentityMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddIdentityCore<User>(options =>
        {
            // Length is what counts (NIST SP 800-63B, 5.1.1.2); the name's rules are UserNameRules.
            options.Password = new PasswordOptions
            {
                RequiredLength = 8,
                RequiredUniqueChars = 1,
                RequireDigit = false,
                RequireLowercase = false,
                RequireNonAlphanumeric = false,
                RequireUppercase = false,
            };
            options.User.AllowedUserNameCharacters = "";
            options.Lockout.MaxFailedAccessAttempts = 10;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        });
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
        services.RemoveAll<IUserValidator<User>>();
        services.AddSingleton<IUserValidator<User>, UserNameRules>();
        services.Replace(ServiceDescriptor.Singleton<ILookupNormalizer, UserNameRules>());
        services.TryAddScoped<IUserStore<User>, UserStore>();
    }

    private static void AddKeyRing(IServiceCollection services, KeyRingOptions options)
    {
        var protection = services.AddDataProtection().SetApplicationName("OcfCloud");
        if (options.Folder is { } folder)
        {
            protection.PersistKeysToFileSystem(new DirectoryInfo(folder));
            return;
        }

        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            management => management.XmlRepository = new StoreKeyRing(provider.GetRequiredService<Store>())));
        if (options.Certificate is { } certificate)
        {
            protection.ProtectKeysWithCertificate(certificate);
        }
    }
}
