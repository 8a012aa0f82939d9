using OcfCloud.Host;
using OcfCloud.Host.Commands;

OpenSslConfiguration.Apply();
SocketPolling.Apply();
return await CommandLine.RunAsync(args, CommandConsole.System);
