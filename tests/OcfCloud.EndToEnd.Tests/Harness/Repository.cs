namespace OcfCloud.EndToEnd.Harness;

/// <summary>Where the built programs lie: beside this test, in the same configuration.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    public static string Program(string project) => Path.Combine(Root, "src", project, "bin", Configuration, "net10.0", project + ".dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OcfCloud.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run from within the repository.");
    }
}
