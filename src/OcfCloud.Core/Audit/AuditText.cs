namespace OcfCloud.Core.Audit;

/// <summary>Texts as the record keeps them: what no PostgreSQL text and no terminal takes is not in them.</summary>
internal static class AuditText
{
    public static string Kept(string text, int most) =>
        string.Create(Math.Min(text.Length, most), text, static (kept, given) =>
        {
            for (var i = 0; i < kept.Length; i++) kept[i] = char.IsControl(given[i]) || char.IsSurrogate(given[i]) ? '\uFFFD' : given[i];
        });
}
