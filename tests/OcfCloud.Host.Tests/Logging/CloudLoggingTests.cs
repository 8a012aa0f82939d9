using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.Host.Logging;
using OcfCloud.Host.Tests.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace OcfCloud.Host.Tests.Logging;

public sealed class CloudLoggingTests
{
    [Theory]
    [InlineData("Verbose", "OpenIddict.Server.OpenIddictServerDispatcher", LogLevel.Debug)]
    [InlineData("Debug", "OpenIddict.Server.OpenIddictServerDispatcher", LogLevel.Debug)]
    [InlineData("Information", "OpenIddict.Server.OpenIddictServerDispatcher", LogLevel.Warning)]
    [InlineData("Verbose", "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("Verbose", "Microsoft.AspNetCore.Routing.Matching.DfaMatcher", LogLevel.Information)]
    [InlineData("Verbose", "OcfCloud.Core.Devices.OnlineState", LogLevel.Trace)]
    public void At_no_level_of_the_operator_are_tokens_codes_or_queries_written(string level, string category, LogLevel least)
    {
        var services = new ServiceCollection();
        CloudLogging.Add(services, Sources.Production(("OcfCloud:Logging:Level", level)));
        using var provider = services.BuildServiceProvider();

        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.True(logger.IsEnabled(least));
        Assert.False(least > LogLevel.Trace && logger.IsEnabled(least - 1));
    }

    [Fact]
    public void The_path_of_a_request_is_in_no_line()
    {
        var lines = new JsonLines();
        var services = new ServiceCollection();
        services.AddSerilog(CloudLogging.Leveled(LogEventLevel.Information).WriteTo.Sink(lines).CreateLogger(), dispose: true);
        using var provider = services.BuildServiceProvider();
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("OcfCloud.Onvif.Operation.SharingCompletion");

        // As the server's scope is.
        using (logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = "0HN:1", ["RequestPath"] = "/onvif/cloud/deviceSharingCompleted/secret" }))
            LoggerMessage.Define(LogLevel.Information, default, "Said")(logger, null);

        Assert.Contains("\"RequestId\":\"0HN:1\"", lines.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", lines.Text, StringComparison.Ordinal);
    }

    private sealed class JsonLines : ILogEventSink
    {
        private readonly StringWriter _text = new();

        public string Text => _text.ToString();

        public void Emit(LogEvent logEvent) => new RenderedCompactJsonFormatter().Format(logEvent, _text);
    }
}
