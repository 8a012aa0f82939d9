using System.Globalization;
using System.Reflection;

namespace OcfCloud.Simulator.Cameras;

/// <summary>What a camera does otherwise than a good one; by itself nothing. On the command line each has the name of its property, in kebab case.</summary>
internal sealed record Misbehaviour
{
    /// <summary>Seconds that the camera's clock is ahead; negative: behind.</summary>
    public int ClockSkew { get; init; }

    /// <summary>Keys stay in generation for ever.</summary>
    public bool EndlessKeyGeneration { get; init; }

    /// <summary>Generated keys are corrupt; a number: so many of them, then they are good.</summary>
    public int CorruptKeys { get; init; }

    /// <summary>Knows no elliptic curves.</summary>
    public bool RsaOnly { get; init; }

    /// <summary>Knows no WebSocket uplinks.</summary>
    public bool HttpsOnly { get; init; }

    /// <summary>Says nothing of protocols, as firmware older than that attribute.</summary>
    public bool NoProtocols { get; init; }

    /// <summary>Offers uplinks with certificates only.</summary>
    public bool NoAccessToken { get; init; }

    /// <summary>Offers tls_client_auth only.</summary>
    public bool NoPrivateKeyJwt { get; init; }

    /// <summary>Most uplinks.</summary>
    public int MaxUplinks { get; init; } = 4;

    /// <summary>Most keys.</summary>
    public int MaxKeys { get; init; } = 16;

    /// <summary>Most certificates.</summary>
    public int MaxCertificates { get; init; } = 16;

    /// <summary>Most certification path validation policies.</summary>
    public int MaxPolicies { get; init; } = 8;

    /// <summary>Most authorization server configurations.</summary>
    public int MaxAuthorizationServers { get; init; } = 4;

    /// <summary>Refuses certificates that are signed with SHA-1 or have an RSA key below 3072 bits.</summary>
    public bool RejectWeakAnchors { get; init; }

    /// <summary>Takes the same certificate twice.</summary>
    public bool AllowDuplicates { get; init; }

    /// <summary>Takes requests of certification for a common name only.</summary>
    public bool CommonNameOnly { get; init; }

    /// <summary>Milliseconds that every SOAP answer takes.</summary>
    public int Latency { get; init; }

    /// <summary>The operation that is carried out, but its connection is dropped instead of answering, once.</summary>
    public string? Drop { get; init; }

    /// <summary>The operation whose connection is dropped before anything is done, once.</summary>
    public string? DropBefore { get; init; }

    /// <summary>The operation that always fails, with Receiver and ter:Action.</summary>
    public string? Fault { get; init; }

    /// <summary>The clouds that did not enrol it are shown another serial number.</summary>
    public bool WrongSerial { get; init; }

    /// <summary>Client assertions without <c>kid</c>, as firmware of before 2026.</summary>
    public bool NoKid { get; init; }

    /// <summary>Client assertions for the issuer instead of the token endpoint.</summary>
    public bool AudienceIssuer { get; init; }

    /// <summary>Every client assertion has the same <c>jti</c>.</summary>
    public bool ReuseJti { get; init; }

    /// <summary>Client assertions of 64 KiB.</summary>
    public bool OversizedToken { get; init; }

    /// <summary>Says <c>Online</c> instead of <c>Connected</c>.</summary>
    public bool StatusOnline { get; init; }

    /// <summary>Shows user levels as lists.</summary>
    public bool UserLevelList { get; init; }

    /// <summary>Sends WebSocket messages in fragments of a few bytes.</summary>
    public bool FragmentFrames { get; init; }

    /// <summary>Writes the request line's version as <c>http/1.1</c>.</summary>
    public bool LowerCaseRequestLine { get; init; }

    /// <summary>Sends the access token in the query.</summary>
    public bool TokenInQuery { get; init; }

    /// <summary>Enrols with a lower user level than Administrator.</summary>
    public string? EnrolLevel { get; init; }

    /// <summary>Reads <c>name</c> or <c>name=value</c>.</summary>
    /// <param name="words">Such words.</param>
    /// <param name="wrong">The word that is none.</param>
    /// <returns>Null where one is none.</returns>
    public static Misbehaviour? Parse(IEnumerable<string> words, out string wrong)
    {
        var result = new Misbehaviour();
        foreach (var word in words)
        {
            wrong = word;
            var (name, value) = word.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (word[..at], word[(at + 1)..]) : (word, null);
            if (!Properties.TryGetValue(name, out var property) || !TryRead(property.PropertyType, value, out var read))
                return null;
            property.SetValue(result, read);
        }

        wrong = "";
        return result;
    }

    /// <summary>All names, in order.</summary>
    public static IEnumerable<string> Names => Properties.Keys.Order(StringComparer.Ordinal);

    private static Dictionary<string, PropertyInfo> Properties { get; } = typeof(Misbehaviour)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .ToDictionary(property => Kebab(property.Name), StringComparer.Ordinal);

    private static bool TryRead(Type type, string? value, out object? read)
    {
        read = value;
        if (type == typeof(bool))
        {
            read = true;
            return value is null;
        }

        if (type != typeof(int))
            return !string.IsNullOrEmpty(value);
        var good = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        read = number;
        return good;
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
