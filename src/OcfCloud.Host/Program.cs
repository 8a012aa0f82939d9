System.Console.WriteLine("OcfCloud");
