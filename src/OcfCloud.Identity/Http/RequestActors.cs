using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.Identity.Http;

/// <summary>Says whose request it is, for the audit record.</summary>
public static class RequestActors
{
    /// <summary>Whatever is recorded while a request is answered is its sender's: a client by its token, a user by the log-in, else an address.</summary>
    public static IApplicationBuilder UseRequestActors(this IApplicationBuilder app)
    {
        var actors = app.ApplicationServices.GetRequiredService<AuditActors>();
        return app.Use(async (context, next) =>
        {
            using var turn = actors.Begin(() => ActorOf(context));
            await next(context);
        });
    }

    private static AuditActor ActorOf(HttpContext context)
    {
        if (Caller.Find(context.User) is { } caller) return caller.Client is { } client ? AuditActor.OfClient(client) : AuditActor.OfUser(caller.User);
        return UserId.TryParse(context.User.FindFirstValue("sub"), out var user) ? AuditActor.OfUser(user) : AuditActor.OfAddress(context.Connection.RemoteIpAddress);
    }
}
