#!/usr/bin/env bash
# Compiles what the tests start again and again ahead of time (ReadyToRun), each assembly once, and puts it in the place of the one that the build made: a start of the
# host costs a third less then, and there are a hundred. What was compiled is kept and used again until the assembly changes. Without the compiler nothing is done.
#   tests/compile-ahead.sh CONFIGURATION
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=$1
[ "$(uname -sm)" = "Linux x86_64" ] || exit 0
runtime=$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" && $2 ~ /^10\./ {gsub(/[][]/, "", $3); print $3 "/" $2}' | tail -1)
web=$(dotnet --list-runtimes | awk '$1 == "Microsoft.AspNetCore.App" && $2 ~ /^10\./ {gsub(/[][]/, "", $3); print $3 "/" $2}' | tail -1)
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
compiler=$(ls -d "$packages"/microsoft.netcore.app.crossgen2.linux-x64/*/tools/crossgen2 2>/dev/null | sort -V | tail -1) || true
[ -n "$compiler" ] && [ -n "$runtime" ] && [ -n "$web" ] || exit 0
host=src/OcfCloud.Host/bin/$configuration/net10.0
kept=tests/obj/ahead
mkdir -p "$kept"

# What most of a start is spent with; the rest is hardly used, or large for what it saves.
mapfile -t assemblies < <(ls "$host"/*.dll | grep -E '/(OcfCloud|Microsoft\.EntityFrameworkCore|Microsoft\.Data\.Sqlite|Npgsql|OpenIddict|Microsoft\.IdentityModel|Serilog|OpenTelemetry|SQLitePCLRaw\.(core|provider)|Swashbuckle\.AspNetCore\.SwaggerGen|System\.CommandLine|Polly|Microsoft\.Extensions\.Http)[^/]*\.dll$')
kept_of() { echo "$kept/$(basename "$1" .dll)/$(sha256sum "$1" | cut -c1-32).dll"; }
compile() {
  local to new before
  to=$(kept_of "$1")
  [ ! -e "$to" ] || return 0
  # The build has left what was put there the last time.
  for before in "$(dirname "$to")"/*.dll; do ! cmp -s "$before" "$1" || return 0; done
  new=$to.new
  mkdir -p "$(dirname "$to")"
  # What cannot be compiled stays as it is.
  "$compiler" "$1" -o "$new" -r "$host/*.dll" -r "$runtime/*.dll" -r "$web/*.dll" --targetos linux --targetarch x64 -O --parallelism 1 >/dev/null || return 0
  rm -f "$(dirname "$to")"/*.dll
  mv "$new" "$to"
}
export -f compile kept_of
export compiler runtime web host kept
printf '%s\n' "${assemblies[@]}" | xargs -P "$(nproc)" -I{} bash -c 'compile "$1"' _ {}

# The host's own last: it is what the others are compared with.
for assembly in "${assemblies[@]}"; do
  compiled=$(kept_of "$assembly")
  [ -e "$compiled" ] || continue
  for place in src/OcfCloud.Simulator tests/OcfCloud.*.Tests src/OcfCloud.Host; do
    there=$place/bin/$configuration/net10.0/$(basename "$assembly")
    [ ! -e "$there" ] || ! cmp -s "$assembly" "$there" || cp --remove-destination "$compiled" "$there"
  done
done
