#!/usr/bin/env bash
# Builds and runs every test. Installs what is missing when it may (root, apt), else says what to install.
# Last line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v zbarimg >/dev/null || missing+=(zbar-tools)
command -v strace >/dev/null || missing+=(strace)
command -v haproxy >/dev/null || missing+=(haproxy)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null \
      || { echo "Could not install: ${missing[*]}"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
  else
    echo "Please install: apt-get install ${missing[*]}"; echo "0 passed, 1 failed, 0 skipped"; exit 1
  fi
fi

# What tests put into the folder for temporary files goes with the run: at its end, or, when it is killed, at the start of the next.
runs="${TMPDIR:-/tmp}/portal-run"
remove() {
  for pid in "$1"/portal-pg-*/data/postmaster.pid; do [ -e "$pid" ] && kill -QUIT "$(head -1 "$pid")" 2>/dev/null; done
  rm -rf "$1"
}
for old in "$runs"-[0-9]*; do [ -d "$old" ] && ! kill -0 "${old##*-}" 2>/dev/null && remove "$old"; done
# PostgreSQL, which does not run as root, has to pass through.
mkdir -m 711 "$runs-$$"
trap 'remove "$runs-$$"' EXIT
trap 'exit 130' INT TERM

log="$runs-$$/log"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build MerchantPortal.sln -nologo -v q || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet format MerchantPortal.sln --verify-no-changes --no-restore --exclude MerchantPortal/Data/Migrations \
  || { echo "The formatting check failed: run dotnet format."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
TMPDIR="$runs-$$" dotnet test MerchantPortal.Tests --no-build --nologo --filter "Category!=Load" "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
sed -nE 's/^(Passed|Failed)! +- Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\2 \3 \4/p' "$log" \
  | awk '{f+=$1;p+=$2;s+=$3} END{ if (NR==0) f=1; printf "%d passed, %d failed, %d skipped\n",p,f,s}'
exit "$status"
