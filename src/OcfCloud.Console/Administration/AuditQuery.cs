using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace OcfCloud.Console.Administration;

/// <summary>What an administrator asked of the audit record, as it was typed; empty where nothing was.</summary>
/// <param name="User">A user's name.</param>
/// <param name="Kind">A kind of entry.</param>
/// <param name="Since">A date, <c>yyyy-MM-dd</c>.</param>
public sealed record AuditQuery(string User, string Kind, string Since)
{
    /// <summary>The address of what came before an entry.</summary>
    /// <param name="before">The entry's number.</param>
    public string Earlier(long before)
    {
        var query = new QueryBuilder { { "before", before.ToString(CultureInfo.InvariantCulture) } };
        foreach (var (name, value) in new[] { ("user", User), ("kind", Kind), ("since", Since) })
        {
            if (value.Length > 0) query.Add(name, value);
        }

        return ConsolePaths.Audit + query.ToQueryString();
    }
}
