namespace OcfCloud.Host.Settings;

/// <summary>Splits <c>--OcfCloud:Key=value</c> off the command line: they go with every command, so no command declares them.</summary>
internal static class SettingArguments
{
    private static readonly string[] Prefixes = ["--OcfCloud:", "--ConnectionStrings:"];

    /// <summary>Tells setting arguments from all others.</summary>
    /// <param name="arguments">The process's arguments.</param>
    /// <param name="settings">What was given as settings; the last one of a key counts.</param>
    /// <param name="rest">All other arguments in their order.</param>
    /// <param name="misused">The first setting argument without <c>=</c>, or null.</param>
    /// <returns>Whether every setting argument had a value.</returns>
    public static bool Split(IEnumerable<string> arguments, out Dictionary<string, string?> settings, out List<string> rest, out string? misused)
    {
        settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        rest = [];
        misused = null;
        foreach (var argument in arguments)
        {
            if (!Prefixes.Any(prefix => argument.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                rest.Add(argument);
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                misused ??= argument;
                continue;
            }

            settings[argument[2..equals]] = argument[(equals + 1)..];
        }

        return misused is null;
    }
}
