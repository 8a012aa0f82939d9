using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OcfCloud.Core.Storage;

/// <summary>Arrays of texts as one column: JSON, which both databases keep as text.</summary>
internal static class TextArrays
{
    private static readonly ValueComparer<string[]> Comparer =
        new((a, b) => a!.SequenceEqual(b!), v => v.Aggregate(0, (h, s) => HashCode.Combine(h, s)), v => v.ToArray());

    /// <summary>Keeps the property so.</summary>
    public static void IsTextArray(this PropertyBuilder<string[]> property) => property.HasConversion(v => ToJson(v), v => FromJson(v), Comparer);

    private static string ToJson(string[] values) => JsonSerializer.Serialize(values);

    private static string[] FromJson(string json) => JsonSerializer.Deserialize<string[]>(json) ?? [];
}
