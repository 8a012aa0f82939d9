#!/usr/bin/env bash
# Measures the cloud, libcoap's server and HAProxy as a relay side by side and writes the table of bench/README.md. It ends by itself, and ends only what it started.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
bench/compare.sh [--rows ROW,ROW…] [--rounds N] [--duration SECONDS] [--prepare SECONDS] [--idle DEVICES] [--quick] [--no-table] [-- SETTING…]

  --rows      get-1 get-16 routed-1 routed-16 handshake handshake-1.2 resumed-1.2 resumed idle [all]; what a row is compared with is measured with it
  --rounds    of all rows and servers in turn [3]; idle is measured once
  --duration  of one measurement [10]
  --prepare   of each kind of load before the first round, until the cloud's code is compiled for good [25]
  --idle      devices of the row idle, up to 19000 [10000]
  --quick     one short round with few devices, to see that it works; writes no table
  --no-table  prints the table only
  SETTING     further settings of the cloud, as --OcfCloud:Devices:MaxLinks=512

Figures depend on what else the machine does: run it when nothing else does.
TEXT
}

rows=get-1,get-16,routed-1,routed-16,handshake,handshake-1.2,resumed-1.2,resumed,idle
rounds=3 duration=10 warm_up=3 prepare=25 idle=10000 settle=30 devices=200 table=yes
settings=(--OcfCloud:Devices:MaxConnectionsPerAddress=100000 --OcfCloud:Devices:MaxHandshakesPerAddress=1000000)
while [ $# -gt 0 ]; do
  case $1 in
    --rows) rows=${2:?--rows: which?}; shift 2 ;;
    --rounds) rounds=${2:?--rounds: how many?}; shift 2 ;;
    --duration) duration=${2:?--duration: how long?}; shift 2 ;;
    --prepare) prepare=${2:?--prepare: how long?}; shift 2 ;;
    --idle) idle=${2:?--idle: how many?}; shift 2 ;;
    --quick) rounds=1 duration=2 warm_up=1 prepare=2 idle=200 settle=4 devices=20 table=no; shift ;;
    --no-table) table=no; shift ;;
    --) shift; settings+=("$@"); break ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
for row in ${rows//,/ }; do
  case $row in
    get-1 | get-16 | routed-1 | routed-16 | handshake | handshake-1.2 | resumed-1.2 | resumed | idle) ;;
    *) echo "--rows: there is no row \"$row\"" >&2; exit 2 ;;
  esac
done
case $rounds:$idle in
  *[!0-9:]*) echo "--rounds and --idle are numbers" >&2; exit 2 ;;
esac
# A process has a limit of open files, which more devices in one generator would meet.
[ "$idle" -ge 1 ] && [ "$idle" -le 19000 ] || { echo "--idle: $idle is not within 1 to 19000" >&2; exit 2; }
wants() { [[ ,$rows, == *,$1,* ]]; }

missing=()
command -v dotnet >/dev/null || missing+=("the .NET SDK")
command -v coap-server-openssl >/dev/null || missing+=("libcoap3-bin (Debian)")
command -v haproxy >/dev/null || missing+=("haproxy (Debian)")
[ ${#missing[@]} -eq 0 ] || { printf 'missing: %s\n' "${missing[@]}" >&2; exit 1; }

. bench/cloud.sh
build
(cloud pki init --out "$data/pki") >/dev/null
(cloud user add load) >/dev/null
token=$(new_token load)

# The same P-256 certificates for all: what haproxy takes is leaf, chain and key in one file.
cat "$data/pki/cloud.pem" "$data/pki/cloud.key" >"$work/cloud-bundle.pem"

# Ports that nothing listens on now: this script's process id chooses where to begin.
next_port=$((20000 + $$ % 10000))
free_port() {
  while (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null; do next_port=$((next_port + 1)); done
  port=$next_port
  next_port=$((next_port + 1))
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

start_libcoap() {
  free_port
  coap-server-openssl -A 127.0.0.1 -p "$port" -c "$data/pki/cloud.pem" -j "$data/pki/cloud.key" -C "$data/pki/device-ca.pem" -v 2 >"$work/libcoap.log" 2>&1 &
  running[libcoap]=$!
  # It takes TLS one port above.
  next_port=$((next_port + 1))
  coap_port=$((port + 1))
  await libcoap listens "$coap_port"
}

start_haproxy() {
  free_port; relay_port=$port
  free_port; handshake_port=$port
  free_port; device_port=$port
  free_port; plain_port=$port
  cat >"$work/haproxy.cfg" <<CONFIG
global
  maxconn 4000
defaults
  mode tcp
  timeout connect 10s
  timeout client 10m
  timeout server 10m
frontend relay
  bind 127.0.0.1:$relay_port ssl crt $work/cloud-bundle.pem ca-file $data/pki/device-ca.pem verify required
  default_backend devices
backend devices
  server device 127.0.0.1:$device_port ssl crt $work/cloud-bundle.pem ca-file $data/pki/device-ca.pem verify required
# The other leg without TLS: one handshake for each connection.
frontend handshakes
  bind 127.0.0.1:$handshake_port ssl crt $work/cloud-bundle.pem ca-file $data/pki/device-ca.pem verify required
  default_backend plain
backend plain
  server plain 127.0.0.1:$plain_port
CONFIG
  haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
  running[haproxy]=$!
  await haproxy listens "$relay_port"
}

# What fails is no figure, and ends the comparison: nothing goes on for longer than its time and some for setting it up.
results=$work/results.jsonl
tls=1.3
load() {
  local limit=$1
  shift
  timeout --kill-after=10 "$limit" "$work/load/OcfCloud.LoadGenerator" "$@" --data "$data" --tls "$tls"
}
short=$((duration + warm_up + prepare + 180))
coming=(--connections 4 --devices "$devices")
steady=(--connections 50)
timed=(--warm-up "$warm_up" --duration "$duration")

load_ours() { load "$short" "$@" --server ours --token "$token"; }
load_libcoap() {
  load "$short" requests "$@" "${steady[@]}" --path / --server libcoap --server-pid "${running[libcoap]}" --target "127.0.0.1:$coap_port"
}
load_haproxy() { load "$short" "$@" --server haproxy --server-pid "${running[haproxy]}"; }

# One row of one round: the same load for one server after the other, the others idle meanwhile.
measure() {
  local depth=${1#*-} tls=1.3
  [[ $1 != *-1.2 ]] || tls=1.2
  case $1 in
    get-*)
      load_ours requests --row "$1" "${steady[@]}" --depth "$depth" "${timed[@]}"
      load_libcoap --row "$1" --depth "$depth" "${timed[@]}"
      ;;
    routed-*)
      load_ours routed --row "$1" "${steady[@]}" --depth "$depth" "${timed[@]}"
      load_haproxy relay --row "$1" "${steady[@]}" --depth "$depth" "${timed[@]}" --target "127.0.0.1:$relay_port" --listen "127.0.0.1:$device_port"
      ;;
    handshake | handshake-1.2)
      load_ours handshakes --row "$1" "${coming[@]}" "${timed[@]}"
      load_haproxy handshakes --row "$1" "${coming[@]}" "${timed[@]}" --target "127.0.0.1:$handshake_port" --listen "127.0.0.1:$plain_port"
      ;;
    resumed | resumed-1.2)
      local full=handshake${1#resumed}
      wants "$full" || load_ours handshakes --row "$full" "${coming[@]}" "${timed[@]}"
      load_ours handshakes --row "$1" "${coming[@]}" "${timed[@]}" --resume
      ;;
  esac
}

steady_rows=$(tr , '\n' <<<"$rows" | grep -vx idle || true)
if [ -n "$steady_rows" ]; then
  start_ours "${settings[@]}"
  start_libcoap
  start_haproxy
  echo "preparing, load average $(cut -d' ' -f1-3 /proc/loadavg)" >&2
  for depth in 1 16; do
    if wants get-$depth; then load_ours requests "${steady[@]}" --depth $depth --warm-up 1 --duration "$prepare" >/dev/null; fi
    if wants routed-$depth; then load_ours routed "${steady[@]}" --depth $depth --warm-up 1 --duration "$prepare" >/dev/null; fi
  done
  for tls in 1.2 1.3; do
    of=-$tls
    of=${of%-1.3}
    if wants "handshake$of" || wants "resumed$of"; then
      load_ours handshakes "${coming[@]}" --warm-up 1 --duration "$prepare" --resume >/dev/null
      load_ours handshakes "${coming[@]}" --warm-up 1 --duration "$prepare" >/dev/null
    fi
  done
  for round in $(seq "$rounds"); do
    echo "round $round of $rounds, load average $(cut -d' ' -f1-3 /proc/loadavg)" >&2
    for row in $steady_rows; do measure "$row" >>"$results"; done
  done
  for name in ours libcoap haproxy; do stop $name; done
fi

if wants idle; then
  # On its own: memory that other work left behind would be used again.
  start_ours "${settings[@]}"
  short=$((idle / 5 + settle * 3 + 300))
  load_ours idle --row idle --devices "$idle" --links 5 --settle "$settle" >>"$results"
  stop ours
fi

into=()
[ "$table" = no ] || into=(--into bench/README.md)
"$work/load/OcfCloud.LoadGenerator" table --results "$results" "${into[@]}"
