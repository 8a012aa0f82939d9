using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Identity.KeyRing;

/// <summary>Keeps the key ring in the store, where every node finds it.</summary>
/// <remarks>Data Protection asks for it synchronously, once at the start and then about once a day.</remarks>
[SuppressMessage("Usage", "VSTHRD002", Justification = "IXmlRepository is synchronous; there is no synchronization context to deadlock with.")]
internal sealed class StoreKeyRing(Store store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => store.ReadAsync<IReadOnlyCollection<XElement>>(
        async (context, token) => (await context.Set<KeyRingElement>().OrderBy(element => element.Id).Select(element => element.Xml).ToListAsync(token))
            .ConvertAll(XElement.Parse),
        CancellationToken.None).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => store.WriteAsync(
        (context, _) =>
        {
            context.Add(new KeyRingElement { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
            return Task.CompletedTask;
        },
        CancellationToken.None).GetAwaiter().GetResult();
}
