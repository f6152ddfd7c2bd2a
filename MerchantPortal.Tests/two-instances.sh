#!/usr/bin/env bash
# Two instances of the portal on one PostgreSQL database, behind HAProxy with sticky sessions. Everything is made in a temporary
# folder and goes when you press Ctrl-C.
#   two-instances.sh          http://localhost:5080 (instances: 5081, 5082); prints the set-up link
#   two-instances.sh check    shows what two instances promise, then ends; exit 0 when all holds
#   PORT=N                    another address; instances listen on N+1 and N+2
#   NO_BUILD=1                what is there is taken as it is
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-5080}; one=$((port + 1)); two=$((port + 2))
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
{ [ -n "$postgres" ] && command -v haproxy >/dev/null; } || { echo "Please install: apt-get install postgresql haproxy" >&2; exit 2; }

folder=$(mktemp -d); chmod 755 "$folder"
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
declare -A processes=()
stop_all() {
  trap '' INT TERM # pressed twice, Ctrl-C would leave PostgreSQL behind
  kill "${processes[@]}" 2>/dev/null || true
  wait "${processes[@]}" 2>/dev/null || true
  as_postgres "$postgres/pg_ctl" -D "$folder/pg/data" -m fast stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop_all EXIT
trap 'exit 0' INT TERM

mkdir "$folder/pg"; [ "$(id -u)" != 0 ] || chown postgres "$folder/pg"
as_postgres "$postgres/initdb" -D "$folder/pg/data" -U portal --auth=trust -E UTF8 >/dev/null
as_postgres "$postgres/pg_ctl" -D "$folder/pg/data" -l "$folder/pg/log" -w \
  -o "-c listen_addresses='' -c unix_socket_directories='$folder/pg'" start >/dev/null
as_postgres "$postgres/createdb" -h "$folder/pg" -U portal portal

# One sandbox plays the gateways for both; whatever a shop would set, both must have alike.
[ -n "${NO_BUILD:-}" ] || dotnet build MerchantPortal -nologo -v q >/dev/null
export ASPNETCORE_ENVIRONMENT=Development Database__Provider=PostgreSql ConnectionStrings__Portal="Host=$folder/pg;Username=portal;Database=portal"
export ConnectionStrings__Sandbox="Data Source=$folder/sandbox.db" Portal__PublicBaseUrl="http://localhost:$port" Portal__TrustedProxies=127.0.0.1
export Portal__DataProtectionKey="${Portal__DataProtectionKey:-$(head -c 32 /dev/urandom | base64)}"
if [ "${1:-}" = check ]; then
  key="mp_$(head -c 24 /dev/urandom | base64 | tr -d '/+=')"
  export Bootstrap__OwnerEmail=owner@example.com Bootstrap__OwnerPassword="$key" Bootstrap__StoreName=Tea Bootstrap__ApiKey="$key"
fi

start() { # name port
  (cd MerchantPortal && Urls="http://127.0.0.1:$2" exec dotnet bin/Debug/net10.0/MerchantPortal.dll) >"$folder/$1.log" 2>&1 &
  processes[$1]=$!
}
until_ready() { # name address
  local end=$((SECONDS + 180))
  until curl -fs -m 10 -o /dev/null "$2/health/ready"; do
    kill -0 "${processes[$1]}" 2>/dev/null || { echo "Ended instead of being ready: $1 at $2" >&2; cat "$folder"/*.log >&2; exit 1; }
    [ $SECONDS -lt $end ] || { echo "Not ready within three minutes: $1 at $2" >&2; cat "$folder"/*.log >&2; exit 1; }
    sleep 0.1
  done
}

cat >"$folder/haproxy.cfg" <<EOF
defaults
  mode http
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  option forwardfor
  option redispatch
frontend portal
  bind 127.0.0.1:$port
  bind [::1]:$port
  default_backend instances
backend instances
  # A page stays with its instance: its circuit lives there. Callbacks and the API may go anywhere.
  cookie instance insert indirect nocache httponly
  option httpchk GET /health/ready
  default-server check inter 1s fall 1 rise 1
  server one 127.0.0.1:$one cookie one
  server two 127.0.0.1:$two cookie two
EOF

start one "$one"; start two "$two"
until_ready one "http://127.0.0.1:$one"; until_ready two "http://127.0.0.1:$two"
haproxy -f "$folder/haproxy.cfg" -q & processes[proxy]=$!
until_ready proxy "http://localhost:$port"

if [ "${1:-}" != check ]; then
  echo "http://localhost:$port   (instances on $one and $two; Ctrl-C ends everything)"
  # The right to set up is told by each instance for itself.
  grep -o "/setup?token=[^ ]*" "$folder/one.log" | sed "s|^|Set up this portal: http://localhost:$one|" || true
  wait
fi

api() { curl -fsS -H "Authorization: Bearer $key" -H "Content-Type: application/json" "$@"; }
held() { echo "ok: $1"; }
failed() { echo "FAILED: $1" >&2; exit 1; }

number=$(api "http://127.0.0.1:$one/api/v1/orders" -H "Idempotency-Key: 1" -d '{"amount":100,"subject":"tea"}' | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
[ -n "$number" ] && api "http://127.0.0.1:$two/api/v1/orders/$number" >/dev/null || failed "what one instance writes, the other reads"
held "what one instance writes, the other reads"

again=$(api "http://127.0.0.1:$two/api/v1/orders" -H "Idempotency-Key: 1" -d '{"amount":100,"subject":"tea"}')
case "$again" in *"\"number\":\"$number\""*) held "a repeat at the other instance makes nothing twice" ;; *) failed "a repeat at the other instance makes nothing twice" ;; esac

curl -fs -c "$folder/jar" -o /dev/null "http://localhost:$port/account/sign-in"
first=$(awk '$6 == "instance" { print $7 }' "$folder/jar")
for _ in 1 2 3 4 5; do curl -fs -b "$folder/jar" -c "$folder/jar" -o /dev/null "http://localhost:$port/account/sign-in"; done
[ -n "$first" ] && [ "$(awk '$6 == "instance" { print $7 }' "$folder/jar")" = "$first" ] || failed "a browser stays with its instance"
held "a browser stays with its instance"

kill "${processes[one]}"; wait "${processes[one]}" 2>/dev/null || true; unset "processes[one]"
for _ in $(seq 20); do api "http://localhost:$port/api/v1/orders/$number" >/dev/null || failed "with one instance gone the shop goes on"; done
held "with one instance gone the shop goes on"

start one "$one"; until_ready one "http://127.0.0.1:$one"
(cd MerchantPortal && dotnet bin/Debug/net10.0/MerchantPortal.dll check) >"$folder/check.txt" || { cat "$folder/check.txt"; failed "the invariants hold"; }
held "every invariant holds ($(grep -c . "$folder/check.txt") lines of check)"
