namespace OcfCloud.Core.Tokens;

/// <summary>Where a generation of tokens stands. The numbers are stored: they stay.</summary>
internal enum GenerationState
{
    /// <summary>Issued, none of its tokens used yet: the answer may have been lost.</summary>
    Pending = 0,

    /// <summary>The one in use.</summary>
    Current = 1,

    /// <summary>A later one is in use; its refresh token must not be seen again.</summary>
    Spent = 2,
}
