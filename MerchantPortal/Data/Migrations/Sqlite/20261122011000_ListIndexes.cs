using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MerchantPortal.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ListIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Cases_Open",
                table: "Cases");

            migrationBuilder.CreateIndex(
                name: "IX_Inbox_TriedAgain",
                table: "Inbox",
                columns: new[] { "StoreId", "Id" },
                filter: "\"Attempts\" > 1");

            migrationBuilder.CreateIndex(
                name: "IX_Cases_StoreId_Status_Id",
                table: "Cases",
                columns: new[] { "StoreId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_StoreId_Target_Number",
                table: "AuditEntries",
                columns: new[] { "StoreId", "Target", "Number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Inbox_TriedAgain",
                table: "Inbox");

            migrationBuilder.DropIndex(
                name: "IX_Cases_StoreId_Status_Id",
                table: "Cases");

            migrationBuilder.DropIndex(
                name: "IX_AuditEntries_StoreId_Target_Number",
                table: "AuditEntries");

            migrationBuilder.CreateIndex(
                name: "IX_Cases_Open",
                table: "Cases",
                columns: new[] { "StoreId", "Id" },
                filter: "\"Status\" = 'Open'");
        }
    }
}
