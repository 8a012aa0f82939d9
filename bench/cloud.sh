# Sourced by the measuring scripts: the cloud and the generator, built as the image is built (Dockerfile), in a temporary folder that goes when the script ends.
work=$(mktemp -d)
data=$work/data

# Process ids by name, of what the script started.
declare -A running=()
stop() {
  local pid=${running[$1]:-}
  unset "running[$1]"
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null || true
}
end() {
  local name
  for name in "${!running[@]}"; do stop "$name"; done
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

# The server NAME has started when what follows is true.
await() {
  local name=$1
  shift
  for _ in $(seq 300); do
    kill -0 "${running[$name]}" 2>/dev/null || break
    if "$@" 2>/dev/null; then return 0; fi
    sleep 0.2
  done
  echo "$name did not start:" >&2
  tail -5 "$work/$name.log" >&2
  exit 1
}

build() {
  echo "building" >&2
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  dotnet publish src/OcfCloud.Host -c Release -o "$work/app" -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v q -clp:ErrorsOnly >&2
  dotnet publish bench/OcfCloud.LoadGenerator -c Release -o "$work/load" -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v q -clp:ErrorsOnly >&2
}

# Runs the cloud's program in a subshell's place. Nobody listens at the public address: tokens need an issuer that stays the same.
cloud() {
  ASPNETCORE_ENVIRONMENT=Production DOTNET_ENVIRONMENT=Production OPENSSL_CONF=$work/app/openssl.cnf \
    OcfCloud__DataDirectory=$data OcfCloud__PublicUrl=https://localhost:8443 exec "$work/app/OcfCloud.Host" "$@"
}
new_token() { (cloud token create --user "$1" --lifetime 12:00:00) | tail -1; }

# Starts it as "ours" with these further settings; certificates are those of "pki init".
start_ours() {
  rm -f "$data/host.json"
  cloud --OcfCloud:Endpoints:Https=127.0.0.1:0 --OcfCloud:Endpoints:Http=127.0.0.1:0 --OcfCloud:Endpoints:Coaps=127.0.0.1:0 --OcfCloud:Endpoints:Uplink=127.0.0.1:0 \
    --OcfCloud:Certificates:Https:Path="$data/pki/cloud.pem" --OcfCloud:Certificates:Https:KeyPath="$data/pki/cloud.key" \
    --OcfCloud:Certificates:Coaps:Path="$data/pki/cloud.pem" --OcfCloud:Certificates:Coaps:KeyPath="$data/pki/cloud.key" \
    --OcfCloud:Devices:TrustAnchors:0="$data/pki/device-ca.pem" "$@" >"$work/ours.log" 2>&1 &
  running[ours]=$!
  await ours test -s "$data/host.json"
}
