namespace OcfCloud.Core.Audit;

/// <summary>Texts as the record keeps them: what no PostgreSQL text and no terminal takes is not in them.</summary>
internal static class AuditText
{
    public static string Kept(string text, int most)
    {
        var length = Math.Min(text.Length, most);
        // Never between the halves of one character.
        if (length < text.Length && char.IsHighSurrogate(text[length - 1])) length--;
        return string.Create(length, text, static (kept, given) =>
        {
            for (var i = 0; i < kept.Length; i++)
            {
                if (i + 1 < kept.Length && char.IsSurrogatePair(given[i], given[i + 1])) (kept[i], kept[++i]) = (given[i - 1], given[i]);
                else kept[i] = char.IsControl(given[i]) || char.IsSurrogate(given[i]) ? '\uFFFD' : given[i];
            }
        });
    }
}
