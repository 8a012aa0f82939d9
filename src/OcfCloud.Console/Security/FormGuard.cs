using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Layout;

namespace OcfCloud.Console.Security;

/// <summary>Takes only forms that this cloud's own pages made for this browser and user.</summary>
internal static class FormGuard
{
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (!HttpMethods.IsPost(context.Request.Method) || await IsOursAsync(context)) return await next(invocation);
        return NotOurs();
    }

    /// <summary>The answer to a form that is not.</summary>
    public static IResult NotOurs() => Pages.Message(
        StatusCodes.Status400BadRequest, "Please try again", "This form was open for too long, or it does not come from this site. Go back, load the page again and repeat what you did.");

    private static async Task<bool> IsOursAsync(HttpContext context) =>
        context.Request.HasFormContentType && await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
}
