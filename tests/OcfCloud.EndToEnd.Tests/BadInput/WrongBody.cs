namespace OcfCloud.EndToEnd.BadInput;

/// <summary>A body that is wrong in one way.</summary>
internal sealed record WrongBody(string What, byte[] Bytes, string Code = "4.00", uint Format = 10000);
