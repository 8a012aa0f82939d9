using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace OcfCloud.Host.OpenApi;

/// <summary>What endpoints say in other ways than the generator reads: scopes, parameters read by hand, paths behind a catch-all.</summary>
internal sealed partial class OperationDetails : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault() is { } said) operation.Summary = said.Summary;
        var route = metadata.OfType<DocumentedRoute>().FirstOrDefault();
        if (route is not null) Describe(operation, route);
        if ((route?.Body ?? metadata.OfType<DocumentedBody>().FirstOrDefault()) is { } body) Describe(operation, body, context);
        foreach (var parameter in metadata.OfType<DocumentedParameter>()) Describe(operation, parameter);
        foreach (var response in metadata.OfType<DocumentedResponse>()) Describe(operation, response, context);
        if (BearerEndpoints.ScopesOf(metadata) is { Count: > 0 } scopes) Secure(operation, context, scopes);
        Sort(operation);
    }

    private static void Describe(OpenApiOperation operation, DocumentedRoute route)
    {
        operation.Summary = route.Summary;
        foreach (var status in route.NeverAnswers) operation.Responses?.Remove(status.ToString(CultureInfo.InvariantCulture));
        operation.Parameters ??= [];
        foreach (Match match in PathParameters().Matches(route.Path))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = match.Groups["name"].Value,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static void Describe(OpenApiOperation operation, DocumentedBody body, OperationFilterContext context)
    {
        var schema = context.SchemaGenerator.GenerateSchema(body.Type, context.SchemaRepository);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = body.IsRequired,
            Content = body.MediaTypes.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = schema }, StringComparer.Ordinal),
        };
    }

    private static void Describe(OpenApiOperation operation, DocumentedResponse response, OperationFilterContext context)
    {
        var schemas = response.Types.Select(type => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository)).ToList();
        var schema = schemas.Count > 1 ? new OpenApiSchema { AnyOf = schemas } : schemas.FirstOrDefault();
        operation.Responses ??= [];

        // What the generator assumes of an endpoint that names no success.
        if (operation.Responses.TryGetValue("200", out var assumed) && assumed.Content is null or { Count: 0 }) operation.Responses.Remove("200");
        operation.Responses[response.Status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
        {
            Description = response.Description,
            Content = schema is null ? null : response.MediaTypes.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = schema }, StringComparer.Ordinal),
        };
    }

    private static void Describe(OpenApiOperation operation, DocumentedParameter parameter)
    {
        operation.Parameters ??= [];
        var place = Enum.Parse<ParameterLocation>(parameter.In, ignoreCase: true);
        var known = operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(other => other.Name == parameter.Name && other.In == place);

        // A parameter of a path that this route does not have.
        if (known is null && place == ParameterLocation.Path) return;
        if (known is null) operation.Parameters.Add(known = new OpenApiParameter { Name = parameter.Name, In = place });
        known.Description = parameter.Description;
        var value = new OpenApiSchema { Type = JsonSchemaType.String, Format = parameter.Format };
        if (parameter.Values.Count > 0) value.Enum = [.. parameter.Values];
        known.Schema = parameter.IsList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = value } : value;
    }

    private static void Secure(OpenApiOperation operation, OperationFilterContext context, IReadOnlyList<string> scopes)
    {
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(ApiDocument.OAuth, context.Document)] = [.. scopes] },
            new() { [new OpenApiSecuritySchemeReference(ApiDocument.Bearer, context.Document)] = [] },
        ];
        operation.Responses ??= [];
        operation.Responses.TryAdd("401", Refusal(context, "There is no bearer token, or it is expired, revoked, forged or for somebody else; WWW-Authenticate says which."));
        operation.Responses.TryAdd("403", Refusal(context, $"The token lacks a scope: {string.Join(" and ", scopes)} needed."));
    }

    private static void Sort(OpenApiOperation operation)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in (operation.Responses ?? []).OrderBy(response => response.Key, StringComparer.Ordinal)) sorted.Add(status, response);
        operation.Responses = sorted;
    }

    private static OpenApiResponse Refusal(OperationFilterContext context, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository) },
        },
        Headers = new Dictionary<string, IOpenApiHeader> { ["WWW-Authenticate"] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
    };

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.None, 1000)]
    private static partial Regex PathParameters();
}
