using OcfCloud.Identity.Tokens;

namespace OcfCloud.Console.Consent;

/// <summary>What each scope lets a client do, in plain words.</summary>
internal static class ScopeWords
{
    public static string Of(string scope) => scope switch
    {
        CloudScopes.Read => "See all your devices, whether they are online, and what they report",
        CloudScopes.Write => "Control your devices: change what they let anybody change, such as switching a light",
        CloudScopes.OfflineAccess => "Keep this access while you are away, until you revoke it",
        ScopeSet.Mediator => "Add devices to your account, remove them, and set who may use them",
        ScopeSet.Cameras => "Add cameras to your account, share them with other clouds, and remove them",
        _ => scope,
    };
}
