using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Events;

/// <summary>Where the caches, observers and connections of this process hear that something changed.</summary>
public interface IHints
{
    /// <summary>Listens to the hints of one user and to <see cref="Hint.Everything"/>.</summary>
    /// <param name="user">The user.</param>
    /// <param name="receive">Called on the dispatcher's thread: it must be quick, must not block and must not throw.</param>
    /// <returns>Ends the listening when disposed; a call that is under way may still finish after that.</returns>
    IDisposable Subscribe(UserId user, Action<Hint> receive);

    /// <summary>Listens to all hints. Who listened first is called first, and all of these before the listeners of one user: whoever asks a cache
    /// because of a hint listens after the cache, which has forgotten by then what the hint is about.</summary>
    /// <inheritdoc cref="Subscribe(UserId, Action{Hint})" path="/param[@name='receive']"/>
    /// <inheritdoc cref="Subscribe(UserId, Action{Hint})" path="/returns"/>
    IDisposable SubscribeAll(Action<Hint> receive);
}
