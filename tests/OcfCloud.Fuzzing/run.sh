#!/usr/bin/env bash
# Fuzzes the parsers: run.sh [TARGET…], by default all of them, one after the other, on one core and behind everything else that runs there. Ends by itself.
#   EXECUTIONS  how many of each target (10000000)
#   MINUTES     how long at most for each target (60)
#   ENGINE      afl: AFL++ (Debian's afl++) instead of the engine of this project, from the same corpus
#   KEEP        true: what a run came to becomes the kept corpus, but for inputs that have a name
#   FUZZ_WORK   where inputs, findings and figures.tsv go (artifacts/fuzzing); a run goes on with what it finds there
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export FUZZ_WORK=${FUZZ_WORK:-$PWD/artifacts/fuzzing} FUZZ_CORPUS=$PWD/tests/OcfCloud.Fuzzing/corpus
mkdir -p "$FUZZ_WORK"

# Only the copies that are run here are instrumented: what counts branches is not in what is built, tested or shipped.
dotnet tool restore >/dev/null
rm -rf "$FUZZ_WORK/bin"
nice -n 19 dotnet publish tests/OcfCloud.Fuzzing -c Release -v q -clp:ErrorsOnly --no-self-contained -o "$FUZZ_WORK/bin"
for assembly in Coap Core DeviceGateway CloudApi CloudLinking Identity Onvif Host; do
  dotnet sharpfuzz "$FUZZ_WORK/bin/OcfCloud.$assembly.dll"
done

# The collector works on the thread that fuzzes, and seldom: most of what is allocated is garbage at once.
export DOTNET_GCgen0size=0x4000000 DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0
fuzz() { nice -n 19 taskset -c "$(($(nproc) - 1))" dotnet "$FUZZ_WORK/bin/OcfCloud.Fuzzing.dll" "$@"; }
afl() {
  # Without inputs that no parser looks at: AFL++ takes such a one for a program without instrumentation.
  rm -rf "$FUZZ_WORK/$1/afl-in"
  mkdir -p "$FUZZ_WORK/$1/afl-in"
  find "$FUZZ_CORPUS/$1" -type f -size +3c -exec cp -t "$FUZZ_WORK/$1/afl-in" {} +
  AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_AUTORESUME=1 AFL_FORKSRV_INIT_TMOUT=60000 \
    nice -n 19 taskset -c "$(($(nproc) - 1))" afl-fuzz -i "$FUZZ_WORK/$1/afl-in" -o "$FUZZ_WORK/$1/afl" -m none -t 5000 -E "$2" -V "$3" \
    dotnet "$FUZZ_WORK/bin/OcfCloud.Fuzzing.dll" afl "$1" >"$FUZZ_WORK/$1/afl.log"
  grep -E "^(execs_done|execs_per_sec|edges_found|saved_crashes|saved_hangs) " "$FUZZ_WORK/$1/afl/default/fuzzer_stats"
  ! ls "$FUZZ_WORK/$1"/afl/default/{crashes,hangs}/id* >/dev/null 2>&1
}
keep() {
  mkdir -p "$FUZZ_CORPUS/$1"
  find "$FUZZ_CORPUS/$1" -type f -regex '.*/[0-9a-f]*' -name '????????????' -delete
  for input in "$FUZZ_WORK/$1/minimised"/*; do cp "$input" "$FUZZ_CORPUS/$1/$(sha256sum "$input" | cut -c1-12)"; done
}

[ $# -gt 0 ] || mapfile -t all < <(fuzz list)
[ $# -eq 0 ] || all=("$@")
code=0
for target in "${all[@]}"; do
  status=0
  if [ "${ENGINE:-}" = afl ]; then
    afl "$target" "${EXECUTIONS:-10000000}" "$((${MINUTES:-60} * 60))" || code=1
    continue
  fi

  fuzz run "$target" "${EXECUTIONS:-10000000}" "$((${MINUTES:-60} * 60))" || status=$?
  [ "$status" = 0 ] || code=1
  # Neither finished nor found something: the process died of the input that it had in hand.
  [ "$status" -le 1 ] || fuzz crashed "$target"
  [ "${KEEP:-}" != true ] || [ "$status" -gt 1 ] || keep "$target"
done
[ "$code" = 0 ] || echo "Findings are in $FUZZ_WORK/TARGET, in found or afl." >&2
exit "$code"
