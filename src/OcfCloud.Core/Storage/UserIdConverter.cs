using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Storage;

internal sealed class UserIdConverter() : ValueConverter<UserId, Guid>(id => id.Value, value => new UserId(value));
