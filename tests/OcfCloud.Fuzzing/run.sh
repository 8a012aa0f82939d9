#!/usr/bin/env bash
# Fuzzes the parsers: run.sh [TARGET…], all of them by default, one after the other, on one core, behind everything else that runs here. Ends by itself.
#   EXECUTIONS  of each target (10000000)      SECONDS_EACH  at most for each target, in seconds (3600)
#   FUZZ_WORK   where inputs, findings and figures.tsv go (artifacts/fuzzing); what is there is gone on with
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export FUZZ_WORK=${FUZZ_WORK:-$PWD/artifacts/fuzzing} FUZZ_CORPUS=$PWD/tests/OcfCloud.Fuzzing/corpus
mkdir -p "$FUZZ_WORK"

dotnet tool restore >/dev/null
rm -rf "$FUZZ_WORK/bin"
nice -n 19 dotnet publish tests/OcfCloud.Fuzzing -c Release -v q -clp:ErrorsOnly --no-self-contained -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -o "$FUZZ_WORK/bin"
# Only the copies that are run here: what counts branches is not in what is built, tested or shipped.
for assembly in Coap Core DeviceGateway CloudApi CloudLinking Identity Onvif Host; do
  dotnet sharpfuzz "$FUZZ_WORK/bin/OcfCloud.$assembly.dll"
done

# A collection of 64 MiB at a time, on the thread that fuzzes.
export DOTNET_GCgen0size=0x4000000 DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0
fuzz() { nice -n 19 taskset -c "$(($(nproc) - 1))" dotnet "$FUZZ_WORK/bin/OcfCloud.Fuzzing.dll" "$@"; }
[ $# -gt 0 ] || mapfile -t all < <(fuzz list)
[ $# -eq 0 ] || all=("$@")
code=0
for target in "${all[@]}"; do
  status=0
  fuzz run "$target" "${EXECUTIONS:-10000000}" "${SECONDS_EACH:-3600}" || status=$?
  [ "$status" = 0 ] || code=1
  # Neither finished nor found something: the process died of the input that it had in hand.
  [ "$status" -le 1 ] || fuzz crashed "$target"
done
exit "$code"
