#!/usr/bin/env bash
# Adds one migration for both databases: .config/add-migration.sh Name
set -euo pipefail
name=${1:?usage: add-migration.sh Name}
cd "$(dirname "$0")/.."
export WithEfDesign=true
dotnet tool restore >/dev/null
dotnet build MerchantPortal --nologo -v q
for provider in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build --project MerchantPortal \
    --context "${provider}PortalDbContext" --output-dir "Data/Migrations/$provider"
done
unset WithEfDesign
dotnet restore --nologo -v q
