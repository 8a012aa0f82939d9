using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OcfCloud.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LinkedClouds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "linked_clouds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    ClientSecret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", nullable: true),
                    SendsIssuer = table.Column<bool>(type: "INTEGER", nullable: false),
                    AuthorizationEndpoint = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    TokenEndpoint = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    RevocationEndpoint = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    TrustAnchors = table.Column<string>(type: "TEXT", nullable: true),
                    ClientCertificate = table.Column<string>(type: "TEXT", nullable: true),
                    ClientKey = table.Column<byte[]>(type: "BLOB", nullable: true),
                    CloudId = table.Column<Guid>(type: "TEXT", nullable: false),
                    HasEvents = table.Column<bool>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Removing = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_linked_clouds", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "mirrored_devices",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkedCloudId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeviceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Types = table.Column<string>(type: "TEXT", nullable: false),
                    Online = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mirrored_devices", x => new { x.UserId, x.LinkedCloudId, x.DeviceId });
                });

            migrationBuilder.CreateTable(
                name: "link_attempts",
                columns: table => new
                {
                    StateHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkedCloudId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BrowserHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Verifier = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RedirectUri = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_attempts", x => x.StateHash);
                    table.ForeignKey(
                        name: "FK_link_attempts_linked_clouds_LinkedCloudId",
                        column: x => x.LinkedCloudId,
                        principalTable: "linked_clouds",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "linked_accounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkedCloudId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Trouble = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    AccessToken = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RefreshToken = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Scope = table.Column<string>(type: "TEXT", nullable: false),
                    Generation = table.Column<int>(type: "INTEGER", nullable: false),
                    RefreshNode = table.Column<Guid>(type: "TEXT", nullable: true),
                    RefreshUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    LinkedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastEventAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastSyncAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    NeedsRetrieval = table.Column<bool>(type: "INTEGER", nullable: false),
                    RetrievalsAsked = table.Column<int>(type: "INTEGER", nullable: false),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    WorkNode = table.Column<Guid>(type: "TEXT", nullable: true),
                    WorkUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_linked_accounts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_linked_accounts_linked_clouds_LinkedCloudId",
                        column: x => x.LinkedCloudId,
                        principalTable: "linked_clouds",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "mirrored_links",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkedCloudId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeviceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Href = table.Column<string>(type: "TEXT", maxLength: 219, nullable: false),
                    Rt = table.Column<string>(type: "TEXT", nullable: false),
                    If = table.Column<string>(type: "TEXT", nullable: false),
                    Bm = table.Column<int>(type: "INTEGER", nullable: false),
                    Parameters = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mirrored_links", x => new { x.UserId, x.LinkedCloudId, x.DeviceId, x.Href });
                    table.ForeignKey(
                        name: "FK_mirrored_links_mirrored_devices_UserId_LinkedCloudId_DeviceId",
                        columns: x => new { x.UserId, x.LinkedCloudId, x.DeviceId },
                        principalTable: "mirrored_devices",
                        principalColumns: new[] { "UserId", "LinkedCloudId", "DeviceId" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "mirrored_values",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LinkedCloudId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeviceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Href = table.Column<string>(type: "TEXT", maxLength: 219, nullable: false),
                    Representation = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ContentFormat = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mirrored_values", x => new { x.UserId, x.LinkedCloudId, x.DeviceId, x.Href });
                    table.ForeignKey(
                        name: "FK_mirrored_values_mirrored_devices_UserId_LinkedCloudId_DeviceId",
                        columns: x => new { x.UserId, x.LinkedCloudId, x.DeviceId },
                        principalTable: "mirrored_devices",
                        principalColumns: new[] { "UserId", "LinkedCloudId", "DeviceId" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "remote_subscriptions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    DeviceId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Href = table.Column<string>(type: "TEXT", maxLength: 219, nullable: true),
                    SubscriptionId = table.Column<string>(type: "TEXT", maxLength: 128, nullable: true),
                    SigningSecret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    NextSequence = table.Column<long>(type: "INTEGER", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastEventAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_remote_subscriptions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_remote_subscriptions_linked_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "linked_accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "inbox_events",
                columns: table => new
                {
                    RemoteSubscriptionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SequenceNumber = table.Column<long>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    EventType = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_inbox_events", x => new { x.RemoteSubscriptionId, x.SequenceNumber });
                    table.ForeignKey(
                        name: "FK_inbox_events_remote_subscriptions_RemoteSubscriptionId",
                        column: x => x.RemoteSubscriptionId,
                        principalTable: "remote_subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "resource_interests",
                columns: table => new
                {
                    RemoteSubscriptionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Node = table.Column<Guid>(type: "TEXT", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_resource_interests", x => new { x.RemoteSubscriptionId, x.Node });
                    table.ForeignKey(
                        name: "FK_resource_interests_remote_subscriptions_RemoteSubscriptionId",
                        column: x => x.RemoteSubscriptionId,
                        principalTable: "remote_subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_inbox_events_AccountId_RemoteSubscriptionId_SequenceNumber",
                table: "inbox_events",
                columns: new[] { "AccountId", "RemoteSubscriptionId", "SequenceNumber" });

            migrationBuilder.CreateIndex(
                name: "IX_link_attempts_ExpiresAt",
                table: "link_attempts",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_link_attempts_LinkedCloudId",
                table: "link_attempts",
                column: "LinkedCloudId");

            migrationBuilder.CreateIndex(
                name: "IX_link_attempts_UserId",
                table: "link_attempts",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_linked_accounts_DueAt",
                table: "linked_accounts",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_linked_accounts_LinkedCloudId",
                table: "linked_accounts",
                column: "LinkedCloudId");

            migrationBuilder.CreateIndex(
                name: "IX_linked_accounts_UserId_LinkedCloudId",
                table: "linked_accounts",
                columns: new[] { "UserId", "LinkedCloudId" },
                unique: true,
                filter: "\"State\" <> 3");

            migrationBuilder.CreateIndex(
                name: "IX_linked_clouds_Name",
                table: "linked_clouds",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mirrored_devices_UserId_DeviceId",
                table: "mirrored_devices",
                columns: new[] { "UserId", "DeviceId" });

            migrationBuilder.CreateIndex(
                name: "IX_remote_subscriptions_AccountId_DeviceId_Href",
                table: "remote_subscriptions",
                columns: new[] { "AccountId", "DeviceId", "Href" });

            migrationBuilder.CreateIndex(
                name: "IX_remote_subscriptions_AccountId_State_Level_MadeAt",
                table: "remote_subscriptions",
                columns: new[] { "AccountId", "State", "Level", "MadeAt" });

            migrationBuilder.CreateIndex(
                name: "IX_resource_interests_Until",
                table: "resource_interests",
                column: "Until");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "inbox_events");

            migrationBuilder.DropTable(
                name: "link_attempts");

            migrationBuilder.DropTable(
                name: "mirrored_links");

            migrationBuilder.DropTable(
                name: "mirrored_values");

            migrationBuilder.DropTable(
                name: "resource_interests");

            migrationBuilder.DropTable(
                name: "mirrored_devices");

            migrationBuilder.DropTable(
                name: "remote_subscriptions");

            migrationBuilder.DropTable(
                name: "linked_accounts");

            migrationBuilder.DropTable(
                name: "linked_clouds");
        }
    }
}
