using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OcfCloud.Core.Storage;

/// <summary>A point of time as UTC ticks (100 ns since year 1).</summary>
internal sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
