namespace OcfCloud.Core.Devices;

/// <summary>What is to be written of a device's session: the last that was heard of it.</summary>
/// <param name="User">Whose device; the empty id for the end of a session that is already written.</param>
/// <param name="Session">Its number.</param>
/// <param name="Online">Whether it lives.</param>
/// <param name="Unwritten">Whether its beginning is not in the store yet: then its end may replace an older session, else only itself.</param>
internal readonly record struct SessionChange(UserId User, long Session, bool Online, bool Unwritten);
