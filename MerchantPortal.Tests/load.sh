#!/usr/bin/env bash
# Load runs: both sides of each ratio in one run, Release build. Usage: load.sh [notifications]
# Prints a table, then one line of JSON per ratio. Exits non-zero where an invariant broke.
# LOAD_ORDERS sets how many other orders are present (default 20000).
set -uo pipefail
cd "$(dirname "$0")/.."
what=${1:-notifications}
case "$what" in
  notifications) filter=NotificationStorm ;;
  *) echo "load.sh: unknown load '$what'; there is: notifications" >&2; exit 2 ;;
esac

report=$(mktemp); log=$(mktemp)
trap 'rm -f "$report" "$log"' EXIT
export LOAD_REPORT=$report DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build MerchantPortal.Tests -c Release -nologo -v q || exit 1
if ! dotnet test MerchantPortal.Tests -c Release --no-build --nologo --filter "FullyQualifiedName~$filter" >"$log" 2>&1; then
  cat "$log"; echo "An invariant broke or the run failed: the figures are void." >&2; exit 1
fi
awk -F': ' '/^model name/ {print "cpu: " $2; exit}' /proc/cpuinfo; echo "cores: $(nproc)  runtime: $(dotnet --version)  commit: $(git rev-parse --short HEAD)"
grep -v '^{' "$report"; grep '^{' "$report"
