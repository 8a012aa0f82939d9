using Microsoft.AspNetCore.Identity;

namespace OcfCloud.Identity.Users;

/// <summary>Somebody who owns devices. Its id is the <c>uid</c> that devices and mediators are given.</summary>
public sealed class User : IdentityUser<Guid>
{
    /// <summary>Whether the user may administer this cloud.</summary>
    public bool IsAdministrator { get; set; }

    /// <summary>When the user was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
