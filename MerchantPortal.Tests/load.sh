#!/usr/bin/env bash
# Load runs: both sides of each ratio in one run, Release build. Usage: load.sh [notifications|cost|verification|durability|postgres|lists|circuits|checkout|growth]...
# Without a name all of them run, one after the other. Prints a table, then one line of JSON per ratio. Exits non-zero where an invariant broke.
# A ratio's goal is judged by the worse end of its interval ("met"); "void" says that the machine was too busy for the figure to count.
#   notifications  R1-R4    a callback durable: against a naive implementation, and against verification alone
#   cost                    what one callback costs, of one store and of fifty at once: processor time and bytes written
#   verification   R5, R6   proving one message: against its primitives and against the pattern of the usual kits, time and bytes allocated
#   durability     R7       commits that reach the disk, against commits that do not
#   postgres       R17, R18 booking together against a transaction each; the live feed on and off; on a PostgreSQL server of its own
#   lists          R12-R14, R16, R20   a long history beside a short one: pages, search, callbacks, start
#   circuits       R8-R11   live pages; checkout R15; growth R19 and how every cost grows
#   LOAD_ORDERS=N    orders that are present (notifications 20000, lists and growth 100000)
#   LOAD_SECONDS=N   seconds that a side sends in each round (1)
#   LOAD_CIRCUITS=N  pages that are open at once (circuits)
#   LOAD_FULL=1      lists and growth up to 1000000 orders, all circuits, rounds of 5 seconds
#   LOAD_DATABASE=PostgreSql   lists and growth on PostgreSQL
set -uo pipefail
cd "$(dirname "$0")/.."
declare -A tests=([notifications]=NotificationStorm [cost]=NotificationCost [verification]=VerificationLoad [durability]=DurabilityLoad [postgres]=PostgresLoad [lists]=ListLoad [circuits]=CircuitLoad [checkout]=CheckoutLoad [growth]=GrowthLoad)
[ $# -gt 0 ] || set -- notifications verification durability postgres lists circuits checkout growth
for what in "$@"; do
  [ -n "${tests[$what]:-}" ] || { echo "load.sh: unknown load '$what'; there are: notifications cost verification durability postgres lists circuits checkout growth" >&2; exit 2; }
done

report=$(mktemp); log=$(mktemp)
trap 'rm -f "$report" "$log"' EXIT
export LOAD_REPORT=$report DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build MerchantPortal.Tests -c Release -nologo -v q || exit 1
status=0
for what in "$@"; do
  : >"$report"
  echo "== $what"
  if ! dotnet test MerchantPortal.Tests -c Release --no-build --nologo --filter "FullyQualifiedName~Load.${tests[$what]}" >"$log" 2>&1; then
    cat "$log"; echo "An invariant broke or the run failed: the figures of '$what' are void." >&2; status=1; continue
  fi
  grep -v '^{' "$report"; grep '^{' "$report"
done
exit "$status"
