using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MerchantPortal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class LeanIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_RejectedCaptures_StoreId_ReceivedAt",
                table: "RejectedCaptures");

            migrationBuilder.DropIndex(
                name: "IX_Payments_AttemptId",
                table: "Payments");

            migrationBuilder.DropIndex(
                name: "IX_LedgerEntries_OrderId",
                table: "LedgerEntries");

            migrationBuilder.DropIndex(
                name: "IX_Inbox_StoreId_ReceivedAt",
                table: "Inbox");

            migrationBuilder.CreateIndex(
                name: "IX_LedgerEntries_OrderId",
                table: "LedgerEntries",
                column: "OrderId",
                filter: "\"Movement\" <> 'Payment'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_LedgerEntries_OrderId",
                table: "LedgerEntries");

            migrationBuilder.CreateIndex(
                name: "IX_RejectedCaptures_StoreId_ReceivedAt",
                table: "RejectedCaptures",
                columns: new[] { "StoreId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Payments_AttemptId",
                table: "Payments",
                column: "AttemptId");

            migrationBuilder.CreateIndex(
                name: "IX_LedgerEntries_OrderId",
                table: "LedgerEntries",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_StoreId_ReceivedAt",
                table: "Inbox",
                columns: new[] { "StoreId", "ReceivedAt" });
        }
    }
}
