using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Storage;

internal sealed class DeviceIdConverter() : ValueConverter<DeviceId, Guid>(id => id.Value, value => new DeviceId(value));
