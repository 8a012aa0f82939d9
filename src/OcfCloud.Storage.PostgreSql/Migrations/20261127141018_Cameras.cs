using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OcfCloud.Storage.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Cameras : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "cameras",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: true),
                    Manufacturer = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    Model = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    SerialNumber = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    FirmwareVersion = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    HardwareId = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    IncomingShareId = table.Column<Guid>(type: "uuid", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cameras", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "device_client_keys",
                columns: table => new
                {
                    Thumbprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Jwk = table.Column<string>(type: "text", nullable: false),
                    KeyId = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    CertificationRequest = table.Column<byte[]>(type: "bytea", nullable: false),
                    RegisteredAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_device_client_keys", x => x.Thumbprint);
                });

            migrationBuilder.CreateTable(
                name: "firmware_images",
                columns: table => new
                {
                    Model = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Version = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    AddedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_firmware_images", x => new { x.Model, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "incoming_shares",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: true),
                    Xaddr = table.Column<string>(type: "character varying(2048)", maxLength: 2048, nullable: false),
                    Manufacturer = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Model = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    SerialNumber = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Mode = table.Column<int>(type: "integer", nullable: true),
                    UserLevel = table.Column<int>(type: "integer", nullable: false),
                    Token = table.Column<byte[]>(type: "bytea", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Nonce = table.Column<byte[]>(type: "bytea", nullable: false),
                    NonceHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CameraId = table.Column<Guid>(type: "uuid", nullable: true),
                    KeyThumbprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    DeadlineAt = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<long>(type: "bigint", nullable: true),
                    LeaseOwner = table.Column<Guid>(type: "uuid", nullable: true),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incoming_shares", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "used_assertions",
                columns: table => new
                {
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Jti = table.Column<byte[]>(type: "bytea", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_used_assertions", x => new { x.ClientId, x.Jti });
                });

            migrationBuilder.CreateTable(
                name: "camera_uplinks",
                columns: table => new
                {
                    CameraId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Node = table.Column<Guid>(type: "uuid", nullable: false),
                    Connection = table.Column<Guid>(type: "uuid", nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_camera_uplinks", x => new { x.CameraId, x.Kind });
                    table.ForeignKey(
                        name: "FK_camera_uplinks_cameras_CameraId",
                        column: x => x.CameraId,
                        principalTable: "cameras",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "share_tokens",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CameraId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Mode = table.Column<int>(type: "integer", nullable: false),
                    UserLevel = table.Column<int>(type: "integer", nullable: false),
                    Recipient = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    TokenHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    ConfigurationHash = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_share_tokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_share_tokens_cameras_CameraId",
                        column: x => x.CameraId,
                        principalTable: "cameras",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "shares",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CameraId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenId = table.Column<Guid>(type: "uuid", nullable: false),
                    Mode = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: true),
                    Configuration = table.Column<string>(type: "text", nullable: false),
                    EchoedToken = table.Column<byte[]>(type: "bytea", nullable: true),
                    ServerAuthority = table.Column<string>(type: "character varying(2048)", maxLength: 2048, nullable: false),
                    CertificationRequest = table.Column<byte[]>(type: "bytea", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    DeadlineAt = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<long>(type: "bigint", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    ConnectedSince = table.Column<long>(type: "bigint", nullable: true),
                    LeaseOwner = table.Column<Guid>(type: "uuid", nullable: true),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shares", x => x.Id);
                    table.ForeignKey(
                        name: "FK_shares_cameras_CameraId",
                        column: x => x.CameraId,
                        principalTable: "cameras",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "camera_objects",
                columns: table => new
                {
                    ShareId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(2048)", maxLength: 2048, nullable: false),
                    Handle = table.Column<string>(type: "character varying(2048)", maxLength: 2048, nullable: true),
                    IsOurs = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_camera_objects", x => new { x.ShareId, x.Kind, x.Name });
                    table.ForeignKey(
                        name: "FK_camera_objects_shares_ShareId",
                        column: x => x.ShareId,
                        principalTable: "shares",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "share_steps",
                columns: table => new
                {
                    ShareId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Detail = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_share_steps", x => new { x.ShareId, x.Number });
                    table.ForeignKey(
                        name: "FK_share_steps_shares_ShareId",
                        column: x => x.ShareId,
                        principalTable: "shares",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_camera_uplinks_Node",
                table: "camera_uplinks",
                column: "Node");

            migrationBuilder.CreateIndex(
                name: "IX_cameras_ClientId",
                table: "cameras",
                column: "ClientId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_cameras_Model",
                table: "cameras",
                column: "Model");

            migrationBuilder.CreateIndex(
                name: "IX_cameras_UserId",
                table: "cameras",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_device_client_keys_ClientId",
                table: "device_client_keys",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_incoming_shares_CameraId",
                table: "incoming_shares",
                column: "CameraId");

            migrationBuilder.CreateIndex(
                name: "IX_incoming_shares_ClientId",
                table: "incoming_shares",
                column: "ClientId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_incoming_shares_DeadlineAt",
                table: "incoming_shares",
                column: "DeadlineAt");

            migrationBuilder.CreateIndex(
                name: "IX_incoming_shares_DueAt",
                table: "incoming_shares",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_incoming_shares_NonceHash",
                table: "incoming_shares",
                column: "NonceHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_incoming_shares_UserId_CreatedAt",
                table: "incoming_shares",
                columns: new[] { "UserId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_share_tokens_CameraId_CreatedAt",
                table: "share_tokens",
                columns: new[] { "CameraId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_share_tokens_TokenHash",
                table: "share_tokens",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_shares_CameraId_CreatedAt",
                table: "shares",
                columns: new[] { "CameraId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_shares_DueAt",
                table: "shares",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_shares_TokenId",
                table: "shares",
                column: "TokenId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_used_assertions_ExpiresAt",
                table: "used_assertions",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "camera_objects");

            migrationBuilder.DropTable(
                name: "camera_uplinks");

            migrationBuilder.DropTable(
                name: "device_client_keys");

            migrationBuilder.DropTable(
                name: "firmware_images");

            migrationBuilder.DropTable(
                name: "incoming_shares");

            migrationBuilder.DropTable(
                name: "share_steps");

            migrationBuilder.DropTable(
                name: "share_tokens");

            migrationBuilder.DropTable(
                name: "used_assertions");

            migrationBuilder.DropTable(
                name: "shares");

            migrationBuilder.DropTable(
                name: "cameras");
        }
    }
}
