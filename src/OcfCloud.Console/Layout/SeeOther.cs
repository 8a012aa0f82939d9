using Microsoft.AspNetCore.Http;

namespace OcfCloud.Console.Layout;

/// <summary>Leads on after a form: the next request is a GET, whatever this one was (RFC 9110, 15.4.4), so that loading the page again repeats nothing.</summary>
internal sealed class SeeOther(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
