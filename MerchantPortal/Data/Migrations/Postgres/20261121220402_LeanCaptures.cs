using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MerchantPortal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class LeanCaptures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_Timeline",
                table: "Timeline");

            migrationBuilder.DropIndex(
                name: "IX_Timeline_OrderId_Id",
                table: "Timeline");

            migrationBuilder.DropIndex(
                name: "IX_RejectedCaptures_StoreId_Status_Id",
                table: "RejectedCaptures");

            migrationBuilder.DropIndex(
                name: "IX_Orders_StoreId_PaidAt",
                table: "Orders");

            migrationBuilder.DropIndex(
                name: "IX_Inbox_ChannelAccountId_BodyHash",
                table: "Inbox");

            migrationBuilder.DropIndex(
                name: "IX_Inbox_StoreId_OutTradeNo",
                table: "Inbox");

            migrationBuilder.DropIndex(
                name: "IX_Inbox_StoreId_Status_Id",
                table: "Inbox");

            migrationBuilder.DropPrimaryKey(
                name: "PK_CaptureAttempts",
                table: "CaptureAttempts");

            migrationBuilder.DropIndex(
                name: "IX_CaptureAttempts_CaptureId_Number",
                table: "CaptureAttempts");

            migrationBuilder.DropColumn(
                name: "Id",
                table: "CaptureAttempts");

            migrationBuilder.Sql("""ALTER TABLE "RejectedCaptures" ALTER COLUMN "HeadersJson" TYPE bytea USING convert_to("HeadersJson", 'UTF8')""");

            migrationBuilder.Sql("""ALTER TABLE "Inbox" ALTER COLUMN "HeadersJson" TYPE bytea USING convert_to("HeadersJson", 'UTF8')""");

            migrationBuilder.Sql("""ALTER TABLE "CaptureAttempts" ALTER COLUMN "TraceJson" TYPE bytea USING convert_to("TraceJson", 'UTF8')""");

            migrationBuilder.Sql("""ALTER TABLE "CaptureAttempts" ALTER COLUMN "ChangesJson" TYPE bytea USING convert_to("ChangesJson", 'UTF8')""");

            migrationBuilder.AddPrimaryKey(
                name: "PK_Timeline",
                table: "Timeline",
                columns: new[] { "OrderId", "Id" });

            migrationBuilder.AddPrimaryKey(
                name: "PK_CaptureAttempts",
                table: "CaptureAttempts",
                columns: new[] { "CaptureId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_RejectedCaptures_StoreId_Status_Id",
                table: "RejectedCaptures",
                columns: new[] { "StoreId", "Status", "Id" },
                filter: "\"Status\" <> 'Applied'");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_StoreId_PaidAt",
                table: "Orders",
                columns: new[] { "StoreId", "PaidAt" },
                filter: "\"PaidAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_ChannelAccountId_BodyHash",
                table: "Inbox",
                columns: new[] { "ChannelAccountId", "BodyHash" },
                filter: "\"OrderId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_StoreId_Status_Id",
                table: "Inbox",
                columns: new[] { "StoreId", "Status", "Id" },
                filter: "\"Status\" <> 'Applied'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_Timeline",
                table: "Timeline");

            migrationBuilder.DropIndex(
                name: "IX_RejectedCaptures_StoreId_Status_Id",
                table: "RejectedCaptures");

            migrationBuilder.DropIndex(
                name: "IX_Orders_StoreId_PaidAt",
                table: "Orders");

            migrationBuilder.DropIndex(
                name: "IX_Inbox_ChannelAccountId_BodyHash",
                table: "Inbox");

            migrationBuilder.DropIndex(
                name: "IX_Inbox_StoreId_Status_Id",
                table: "Inbox");

            migrationBuilder.DropPrimaryKey(
                name: "PK_CaptureAttempts",
                table: "CaptureAttempts");

            migrationBuilder.AlterColumn<string>(
                name: "HeadersJson",
                table: "RejectedCaptures",
                type: "text",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<string>(
                name: "HeadersJson",
                table: "Inbox",
                type: "text",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<string>(
                name: "TraceJson",
                table: "CaptureAttempts",
                type: "text",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<string>(
                name: "ChangesJson",
                table: "CaptureAttempts",
                type: "text",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AddColumn<Guid>(
                name: "Id",
                table: "CaptureAttempts",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddPrimaryKey(
                name: "PK_Timeline",
                table: "Timeline",
                column: "Id");

            migrationBuilder.AddPrimaryKey(
                name: "PK_CaptureAttempts",
                table: "CaptureAttempts",
                column: "Id");

            migrationBuilder.CreateIndex(
                name: "IX_Timeline_OrderId_Id",
                table: "Timeline",
                columns: new[] { "OrderId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_RejectedCaptures_StoreId_Status_Id",
                table: "RejectedCaptures",
                columns: new[] { "StoreId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Orders_StoreId_PaidAt",
                table: "Orders",
                columns: new[] { "StoreId", "PaidAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_ChannelAccountId_BodyHash",
                table: "Inbox",
                columns: new[] { "ChannelAccountId", "BodyHash" });

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_StoreId_OutTradeNo",
                table: "Inbox",
                columns: new[] { "StoreId", "OutTradeNo" });

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_StoreId_Status_Id",
                table: "Inbox",
                columns: new[] { "StoreId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_CaptureAttempts_CaptureId_Number",
                table: "CaptureAttempts",
                columns: new[] { "CaptureId", "Number" },
                unique: true);
        }
    }
}
