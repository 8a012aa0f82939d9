#!/usr/bin/env bash
# Measures what one user's ten devices wait for in a PostgreSQL with more and more devices of others. It ends by itself, and ends only what it started.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
bench/growth.sh [--sizes N,N…] [--rounds N]

  --sizes   devices in the store, growing [1000,100000,1000000]
  --rounds  of ten devices, one publish, sign-in and discovery of each in each [40]

It makes a PostgreSQL of its own in a temporary folder, which needs some 3 GB for a million devices.
TEXT
}

sizes=1000,100000,1000000 rounds=40
while [ $# -gt 0 ]; do
  case $1 in
    --sizes) sizes=${2:?--sizes: which?}; shift 2 ;;
    --rounds) rounds=${2:?--rounds: how many?}; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
case $sizes:$rounds in
  *[!0-9:,]*) echo "--sizes and --rounds are numbers" >&2; exit 2 ;;
esac

command -v dotnet >/dev/null || { echo "missing: the .NET SDK" >&2; exit 1; }
server=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$server" ] || { echo "missing: postgresql (Debian)" >&2; exit 1; }

. bench/cloud.sh
# PostgreSQL refuses to run as root.
as_database() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
[ "$(id -u)" != 0 ] || { chmod 711 "$work"; install -d -o postgres "$work/postgres"; }
mkdir -p "$work/postgres"
trap 'stop ours; as_database "$server/pg_ctl" -D "$work/postgres/data" -m fast stop >/dev/null 2>&1 || true; end' EXIT
build

as_database "$server/initdb" -D "$work/postgres/data" -A trust -U ocfcloud >/dev/null
# By its socket alone: nothing else meets it.
as_database "$server/pg_ctl" -D "$work/postgres/data" -w -l "$work/postgres/log" \
  -o "-k '$work/postgres' -c listen_addresses='' -c shared_buffers=1GB -c max_wal_size=4GB" start >/dev/null
ask() { "$server/psql" -h "$work/postgres" -U ocfcloud -d postgres -v ON_ERROR_STOP=1 -qtA "$@"; }

export OcfCloud__Store__Provider=PostgreSql ConnectionStrings__OcfCloud="Host=$work/postgres;Database=postgres;Username=ocfcloud"
(cloud pki init --out "$data/pki") >/dev/null
start_ours

# A user for each measurement: all have ten devices.
measure() {
  (cloud user add "$1") >/dev/null
  "$work/load/OcfCloud.LoadGenerator" growth --row "$1" --rounds "$2" --data "$data" --token "$(new_token "$1")"
}
measure warm-up $((rounds * 10)) >/dev/null 2>&1
for size in ${sizes//,/ }; do
  more=$((size - $(ask -c 'SELECT count(*) FROM devices')))
  [ "$more" -le 0 ] || ask -v more="$more" -f bench/growth.sql >&2
  ask -c CHECKPOINT
  measure "$size" "$rounds"
done
