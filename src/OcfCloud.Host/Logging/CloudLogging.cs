using OcfCloud.Host.Settings;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace OcfCloud.Host.Logging;

/// <summary>Serilog on the console behind <c>ILogger</c>.</summary>
internal static class CloudLogging
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <summary>The host's: standard output at the operator's level.</summary>
    public static void Add(IServiceCollection services, SettingsSource source)
    {
        var console = new LoggerConfiguration().MinimumLevel.Verbose();
        if (source.Read(CloudSettings.LogFormat) == LogFormat.Json)
        {
            console.WriteTo.Console(new RenderedCompactJsonFormatter());
        }
        else
        {
            console.WriteTo.Console(outputTemplate: Template);
        }

        var lines = new RepeatedLines(console.CreateLogger(), source.Read(CloudSettings.LogMaxRepeated), TimeProvider.System);
        services.AddSerilog(Leveled(source.Read(CloudSettings.LogLevel)).WriteTo.Sink(lines).CreateLogger(), dispose: true);
    }

    /// <summary>A command's: only what went wrong, on standard error, as its standard output is its result.</summary>
    public static void AddForCommands(IServiceCollection services)
    {
        var logger = Leveled(LogEventLevel.Error).WriteTo.Console(outputTemplate: Template, standardErrorFromLevel: LogEventLevel.Verbose);
        services.AddSerilog(logger.CreateLogger(), dispose: true);
    }

    /// <summary>What is logged at the operator's level, and what never is; without the place where it goes.</summary>
    internal static LoggerConfiguration Leveled(LogEventLevel level)
    {
        var framework = level <= LogEventLevel.Debug ? level : Max(level, LogEventLevel.Warning);
        return new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", framework)
            .MinimumLevel.Override("System", framework)
            // It writes every request with its parameters, and below Debug whole codes and tokens.
            .MinimumLevel.Override("OpenIddict", Max(framework, LogEventLevel.Debug))
            // It writes the query of every request, whatever is in it.
            .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", Max(level, LogEventLevel.Warning))
            // It writes the paths that it matches: the secret address of deviceSharingCompleted is one.
            .MinimumLevel.Override("Microsoft.AspNetCore.Routing", Max(framework, LogEventLevel.Information))
            // It writes request lines that it cannot read, tokens in their query included.
            .MinimumLevel.Override("Microsoft.AspNetCore.Server.Kestrel.BadRequests", Max(level, LogEventLevel.Information))
            // Its warnings, that the ring is not encrypted, are said by StartNotices where they mean something.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .Enrich.FromLogContext()
            .Enrich.With<WithoutRequestPath>();
    }

    private static LogEventLevel Max(LogEventLevel one, LogEventLevel other) => one > other ? one : other;
}
