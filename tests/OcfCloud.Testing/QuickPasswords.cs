using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace OcfCloud.Testing;

/// <summary>How slow the hash of a password is, is no matter of tests that are about something else: at full cost it is what a test spends most of its time with.</summary>
public static class QuickPasswords
{
    /// <summary>After what adds the cloud's own.</summary>
    public static IServiceCollection AddQuickPasswords(this IServiceCollection services) => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
}
