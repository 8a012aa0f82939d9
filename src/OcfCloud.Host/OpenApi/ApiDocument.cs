using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using OcfCloud.CloudApi.Mediator;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace OcfCloud.Host.OpenApi;

/// <summary>The document of the APIs (OpenAPI 3.1), made of what the endpoints say of themselves.</summary>
internal static class ApiDocument
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>The document's two ways to prove oneself.</summary>
    public const string OAuth = "oauth2", Bearer = "bearer";

    private const string Name = "v1";
    private static readonly string[] Documented = ["api/", "mediator/", "onvif/cloud/"];

    public static void Add(IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<IApiDescriptionProvider, DocumentedRoutes>();
        services.AddSwaggerGen(Configure);
    }

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapSwagger("/openapi/{documentName}.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1).AllowAnonymous();

    private static void Configure(SwaggerGenOptions options)
    {
        options.SwaggerDoc(Name, new OpenApiInfo
        {
            Title = "OcfCloud",
            Version = Name,
            Description = "The APIs of an OCF Cloud: for the clouds and apps that a user lets in, for mediators that bring devices into a user's account, and for cameras and their sharing (ONVIF Cloud Integration).",
        });
        options.DocInclusionPredicate((_, api) => Documented.Any(start => api.RelativePath?.StartsWith(start, StringComparison.OrdinalIgnoreCase) == true));

        // The schemas of cloudintegration.yaml have names of their own.
        var named = options.SchemaGeneratorOptions.SchemaIdSelector;
        options.CustomSchemaIds(type => type.GetCustomAttribute<DocumentedSchemaAttribute>()?.Name ?? named(type));
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        options.AddSecurityDefinition(OAuth, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "A user logs in and allows a client (RFC 6749, 4.1, with PKCE).",
            Flows = new OpenApiOAuthFlows { AuthorizationCode = CodeFlow() },
        });
        options.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A token that is there already: of this server, or of the one that OcfCloud:Authority names.",
        });
        foreach (var room in new[] { typeof(MediatorApi), typeof(OnvifServices) })
        {
            var comments = System.IO.Path.ChangeExtension(room.Assembly.Location, ".xml");
            if (File.Exists(comments)) options.IncludeXmlComments(comments);
        }

        // After the comments, which are for readers of the code: what an endpoint says of itself counts.
        options.OperationFilter<OperationDetails>();
    }

    // Relative: the document is the same wherever the cloud is.
    private static OpenApiOAuthFlow CodeFlow() => new()
    {
        AuthorizationUrl = new Uri(OAuthPaths.Authorization, UriKind.Relative),
        TokenUrl = new Uri(OAuthPaths.Token, UriKind.Relative),
        RefreshUrl = new Uri(OAuthPaths.Token, UriKind.Relative),
        Scopes = new Dictionary<string, string>
        {
            [CloudScopes.Read] = "Read device data",
            [CloudScopes.Write] = "Update content of published resources",
            [CloudScopes.OfflineAccess] = "Stay allowed while the user is away",
            [ScopeSet.Mediator] = "Bring devices into the user's account and take them out",
            [ScopeSet.Cameras] = "Bring cameras into the user's account, share them, and take them out",
        },
    };
}
