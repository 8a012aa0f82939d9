namespace OcfCloud.Host.Settings;

/// <summary>Where values come from, in rising order: <c>appsettings.json</c> beside the program, the environment, the command line.</summary>
internal sealed class SettingsSource(IConfiguration configuration, string environment)
{
    private const string Root = "OcfCloud";

    public IConfiguration Configuration { get; } = configuration;

    /// <summary><c>Development</c>, <c>Production</c> or a name of the operator's own, which is treated like Production.</summary>
    public string Environment { get; } = environment;

    public bool IsDevelopment => string.Equals(Environment, "Development", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads them all.</summary>
    /// <exception cref="SettingException">A file of settings cannot be read.</exception>
    public static SettingsSource Load(IReadOnlyDictionary<string, string?> arguments)
    {
        var environment = System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } web ? web
            : System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is { Length: > 0 } general ? general
            : "Production";

        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(arguments);
        try
        {
            return new SettingsSource(configuration.Build(), environment);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new SettingException("appsettings.json", e.GetBaseException().Message);
        }
    }

    /// <summary>The text given for a key, null where there is none.</summary>
    public string? Text(string key) => Configuration[key];

    /// <summary>All keys below a key that have a value.</summary>
    public IEnumerable<KeyValuePair<string, string>> Under(string key) => Configuration.GetSection(key).AsEnumerable()
        .Where(entry => entry.Value is not null)
        .Select(entry => KeyValuePair.Create(entry.Key, entry.Value!));

    public T Read<T>(Setting<T> setting) => setting.Read(this);

    public IReadOnlyList<T> Read<T>(ListSetting<T> setting) => setting.Read(this);

    /// <summary>A key that nobody declared is a typing error that would otherwise do nothing silently.</summary>
    /// <exception cref="SettingException">There is one.</exception>
    public void RefuseUnknownKeys()
    {
        foreach (var (key, value) in Under(Root).OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (!CloudSettings.All.Any(setting => setting.Owns(key)))
            {
                throw new SettingException(key, value, "is given for a key that is not known");
            }
        }
    }

    /// <summary>Reads everything for its errors alone.</summary>
    /// <exception cref="SettingException">A key is unknown, or a value is none of its kind.</exception>
    public void CheckAll()
    {
        RefuseUnknownKeys();
        foreach (var setting in CloudSettings.All)
        {
            setting.Check(this);
        }
    }
}
