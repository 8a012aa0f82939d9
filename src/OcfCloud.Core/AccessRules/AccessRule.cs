using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>One rule: what a subject may do where. Made only by <see cref="TryCreate"/>.</summary>
public sealed record AccessRule
{
    /// <summary>Characters that a subject may have.</summary>
    public const int MaxSubjectLength = 256;

    /// <summary>Characters that an href pattern may have.</summary>
    public const int MaxHrefLength = 256;

    private AccessRule(string subject, DeviceId? device, string href, AccessOperations allow)
    {
        Subject = subject;
        Device = device;
        Href = href;
        Allow = allow;
    }

    /// <summary>A device id in lower case, a client id, or "*" for every subject that a rule names.</summary>
    public string Subject { get; }

    /// <summary>The device that it holds for; null = all ("*").</summary>
    public DeviceId? Device { get; }

    /// <summary>The href that it holds for; a last "*" stands for any rest.</summary>
    public string Href { get; }

    /// <summary>What is allowed.</summary>
    public AccessOperations Allow { get; }

    /// <summary>Makes a rule from what a user wrote.</summary>
    /// <param name="subject">Device id of any case, client id or "*".</param>
    /// <param name="device">Device id or "*".</param>
    /// <param name="href">Starts with "/" or is "*"; "*" only at the end.</param>
    /// <param name="allow">What is allowed.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>False where a part is none of these, or holds a control character.</returns>
    public static bool TryCreate(string subject, string device, string href, AccessOperations allow, [NotNullWhen(true)] out AccessRule? rule)
    {
        rule = null;
        if (subject.Length is 0 or > MaxSubjectLength || href.Length is 0 or > MaxHrefLength) return false;
        if ((allow & ~AccessOperations.All) != AccessOperations.None) return false;
        if (subject.Any(char.IsControl) || href.Any(char.IsControl)) return false;
        if (href[0] != '/' && href != "*") return false;
        var star = href.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0 && star != href.Length - 1) return false;
        DeviceId? only = null;
        if (device != "*")
        {
            if (!DeviceId.TryParse(device, out var id)) return false;
            only = id;
        }
        rule = new AccessRule(DeviceId.TryParse(subject, out var subjectId) ? subjectId.ToString() : subject, only, href, allow);
        return true;
    }

    /// <summary>A rule that was checked when it was stored.</summary>
    internal static AccessRule Stored(string subject, DeviceId? device, string href, AccessOperations allow) => new(subject, device, href, allow);
}
