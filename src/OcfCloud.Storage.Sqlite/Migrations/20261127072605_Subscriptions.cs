using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OcfCloud.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Subscriptions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_one_time_tokens_UsedBy",
                table: "one_time_tokens");

            migrationBuilder.AddColumn<string>(
                name: "Href",
                table: "outbox",
                type: "TEXT",
                maxLength: 219,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubscriptionId",
                table: "outbox",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "subscriptions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Client = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    DeviceId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Href = table.Column<string>(type: "TEXT", maxLength: 219, nullable: true),
                    Kinds = table.Column<string>(type: "TEXT", nullable: false),
                    EventsUrl = table.Column<string>(type: "TEXT", nullable: false),
                    ProtectedSecret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Encoding = table.Column<int>(type: "INTEGER", nullable: false),
                    CorrelationId = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Phase = table.Column<int>(type: "INTEGER", nullable: false),
                    NextNumber = table.Column<long>(type: "INTEGER", nullable: false),
                    ToldUntil = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subscriptions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "deliveries",
                columns: table => new
                {
                    SubscriptionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Oldest = table.Column<long>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Owner = table.Column<Guid>(type: "TEXT", nullable: true),
                    Claim = table.Column<long>(type: "INTEGER", nullable: false),
                    ClaimedFrom = table.Column<long>(type: "INTEGER", nullable: false),
                    FailedAttempts = table.Column<int>(type: "INTEGER", nullable: false),
                    FirstFailedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastFailure = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    DeliveredNumber = table.Column<long>(type: "INTEGER", nullable: true),
                    DeliveredKind = table.Column<int>(type: "INTEGER", nullable: true),
                    DeliveredAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deliveries", x => x.SubscriptionId);
                    table.ForeignKey(
                        name: "FK_deliveries_subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                columns: table => new
                {
                    SubscriptionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", nullable: true),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notifications", x => new { x.SubscriptionId, x.Number });
                    table.ForeignKey(
                        name: "FK_notifications_subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_deliveries_Owner",
                table: "deliveries",
                column: "Owner");

            migrationBuilder.CreateIndex(
                name: "IX_deliveries_first",
                table: "deliveries",
                column: "DueAt",
                filter: "\"FailedAttempts\" = 0 AND \"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_deliveries_retry",
                table: "deliveries",
                column: "DueAt",
                filter: "\"FailedAttempts\" > 0 AND \"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_outbox_DeviceId_Id",
                table: "outbox",
                columns: new[] { "DeviceId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_Client",
                table: "subscriptions",
                column: "Client");

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_DeviceId_Level_Href",
                table: "subscriptions",
                columns: new[] { "DeviceId", "Level", "Href" });

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_UserId_Level",
                table: "subscriptions",
                columns: new[] { "UserId", "Level" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deliveries");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropTable(
                name: "subscriptions");

            migrationBuilder.DropIndex(
                name: "IX_outbox_DeviceId_Id",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "Href",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "SubscriptionId",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "IX_one_time_tokens_UsedBy",
                table: "one_time_tokens",
                column: "UsedBy");
        }
    }
}
