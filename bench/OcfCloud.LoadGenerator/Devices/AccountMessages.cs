using System.Formats.Cbor;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>Bodies of what a device sends to <c>/oic/sec/account</c>, <c>/oic/sec/session</c> and <c>/oic/rd</c>.</summary>
internal static class AccountMessages
{
    /// <summary>Registers.</summary>
    public static byte[] SignUp(Guid device, string oneTimeToken)
    {
        var writer = Map(2, device);
        Text(writer, "accesstoken", oneTimeToken);
        return End(writer);
    }

    /// <summary>Reads the user and the access token of the answer to a registration.</summary>
    public static (string User, string AccessToken) ReadSignUp(byte[] answer)
    {
        string user = "", token = "";
        var reader = new CborReader(answer);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            switch (reader.ReadTextString())
            {
                case "uid":
                    user = reader.ReadTextString();
                    break;
                case "accesstoken":
                    token = reader.ReadTextString();
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        }

        return (user, token);
    }

    /// <summary>Signs in.</summary>
    public static byte[] SignIn(Guid device, string user, string accessToken)
    {
        var writer = Map(4, device);
        Text(writer, "uid", user);
        Text(writer, "accesstoken", accessToken);
        writer.WriteTextString("login");
        writer.WriteBoolean(true);
        return End(writer);
    }

    /// <summary>Publishes so many observable lights: <c>/light</c>, <c>/light/2</c> and so on.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="links">How many.</param>
    /// <param name="lifetime">Of the links, in seconds; 0: for good.</param>
    public static byte[] Publish(Guid device, int links, int lifetime)
    {
        var writer = Map(3, device);
        writer.WriteTextString("links");
        writer.WriteStartArray(links);
        for (var i = 1; i <= links; i++)
        {
            writer.WriteStartMap(4);
            Text(writer, "href", i == 1 ? "/light" : $"/light/{i}");
            Texts(writer, "rt", "oic.r.switch.binary");
            Texts(writer, "if", "oic.if.a", "oic.if.baseline");
            writer.WriteTextString("p");
            writer.WriteStartMap(1);
            writer.WriteTextString("bm");
            writer.WriteInt32(3);
            writer.WriteEndMap();
            writer.WriteEndMap();
        }

        writer.WriteEndArray();
        writer.WriteTextString("ttl");
        writer.WriteInt32(lifetime);
        return End(writer);
    }

    private static CborWriter Map(int members, Guid device)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(members);
        Text(writer, "di", device.ToString("D"));
        return writer;
    }

    private static byte[] End(CborWriter writer)
    {
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void Text(CborWriter writer, string name, string value)
    {
        writer.WriteTextString(name);
        writer.WriteTextString(value);
    }

    private static void Texts(CborWriter writer, string name, params ReadOnlySpan<string> values)
    {
        writer.WriteTextString(name);
        writer.WriteStartArray(values.Length);
        foreach (var value in values)
            writer.WriteTextString(value);
        writer.WriteEndArray();
    }
}
