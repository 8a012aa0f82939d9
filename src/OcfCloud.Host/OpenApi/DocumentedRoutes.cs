using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using OcfCloud.Identity.Http;

namespace OcfCloud.Host.OpenApi;

/// <summary>Shows an endpoint under the paths that its <see cref="DocumentedRoute"/>s name, instead of under its own pattern.</summary>
internal sealed class DocumentedRoutes : IApiDescriptionProvider
{
    // After the provider that describes the endpoints.
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        for (var i = context.Results.Count - 1; i >= 0; i--)
        {
            var described = context.Results[i];
            var routes = described.ActionDescriptor.EndpointMetadata.OfType<DocumentedRoute>().ToList();
            if (routes.Count == 0) continue;
            context.Results.RemoveAt(i);
            foreach (var route in routes) context.Results.Add(Under(described, route));
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }

    private static ApiDescription Under(ApiDescription described, DocumentedRoute route)
    {
        var shown = new ApiDescription
        {
            ActionDescriptor = new ActionDescriptor
            {
                DisplayName = described.ActionDescriptor.DisplayName,
                RouteValues = described.ActionDescriptor.RouteValues,
                EndpointMetadata = [.. described.ActionDescriptor.EndpointMetadata.Where(item => item is not DocumentedRoute), route],
            },
            GroupName = described.GroupName,
            HttpMethod = described.HttpMethod,
            RelativePath = route.Path[1..],
        };
        foreach (var format in described.SupportedRequestFormats) shown.SupportedRequestFormats.Add(format);
        foreach (var response in described.SupportedResponseTypes) shown.SupportedResponseTypes.Add(response);
        return shown;
    }
}
