using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MerchantPortal.Data.Migrations.Sqlite
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

            migrationBuilder.AlterColumn<byte[]>(
                name: "HeadersJson",
                table: "RejectedCaptures",
                type: "BLOB",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT");

            migrationBuilder.AlterColumn<byte[]>(
                name: "HeadersJson",
                table: "Inbox",
                type: "BLOB",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT");

            migrationBuilder.AlterColumn<byte[]>(
                name: "TraceJson",
                table: "CaptureAttempts",
                type: "BLOB",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT");

            migrationBuilder.AlterColumn<byte[]>(
                name: "ChangesJson",
                table: "CaptureAttempts",
                type: "BLOB",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT");

            migrationBuilder.AddPrimaryKey(
                name: "PK_Timeline",
                table: "Timeline",
                columns: new[] { "OrderId", "Id" });

            migrationBuilder.AddPrimaryKey(
                name: "PK_CaptureAttempts",
                table: "CaptureAttempts",
                columns: new[] { "CaptureId", "Number" });

            // Nothing of it changes but how it is kept, see SqliteTables: each column that is altered has the table made anew.
            migrationBuilder.AlterColumn<string>(
                name: "OrderNumber",
                table: "Feed",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 32);

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
                type: "TEXT",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AlterColumn<string>(
                name: "HeadersJson",
                table: "Inbox",
                type: "TEXT",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AlterColumn<string>(
                name: "TraceJson",
                table: "CaptureAttempts",
                type: "TEXT",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AlterColumn<string>(
                name: "ChangesJson",
                table: "CaptureAttempts",
                type: "TEXT",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AddColumn<Guid>(
                name: "Id",
                table: "CaptureAttempts",
                type: "TEXT",
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
