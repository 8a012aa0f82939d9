namespace OcfCloud.EndToEnd.DevicesApi;

public sealed class DevicesOnPostgreSqlTests(ApiCloudOnPostgreSql fixture) : DevicesTests(fixture), IClassFixture<ApiCloudOnPostgreSql>;
