namespace OcfCloud.EndToEnd.DevicesApi;

public sealed class DevicesOnSqliteTests(ApiCloud fixture) : DevicesTests(fixture), IClassFixture<ApiCloud>;
