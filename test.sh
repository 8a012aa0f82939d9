#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test. The last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"
# Hundreds of programs that live for seconds: to count what would be worth optimising costs them more than it brings.
export DOTNET_TieredPGO=0
# To compile anew what was called thirty times waits until no new code has come for eight seconds (0x2000 ms), which it does all the time: a third less work.
export DOTNET_TC_CallCountingDelayMs=2000
# A machine that is busy has no time for threads that wait spinning.
export DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0
# Nor does what lives for seconds need its compiled code in memory that is never both writable and executable: each method costs two mappings.
export DOTNET_EnableWriteXorExecute=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK is missing: see https://dotnet.microsoft.com/download (global.json names the version)." >&2
  exit 1
fi

# Debian packages that the tests talk to: a real PostgreSQL, libcoap's client and library, a balancer, a browser, curl, and Node.js for an independent OAuth client.
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v coap-client-openssl >/dev/null || missing+=(libcoap3-bin)
[ -e /usr/include/coap3/coap.h ] || missing+=(libcoap3-dev)
command -v gcc >/dev/null || missing+=(gcc libc6-dev)
command -v openssl >/dev/null || missing+=(openssl)
[ -x /usr/sbin/haproxy ] || command -v haproxy >/dev/null || missing+=(haproxy)
command -v curl >/dev/null || missing+=(curl)
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing: ${missing[*]}"
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
    echo "Could not install ${missing[*]}: install them by hand, then run this again." >&2
    exit 1
  fi
fi

for program in oauth-client strict-target strict-camera; do
  (cd "tests/$program" && npm ci --ignore-scripts --no-audit --no-fund --silent)
done
# As it is shipped: what runs unoptimised would run longer than to compile it takes.
configuration=Release
dotnet build OcfCloud.sln -c "$configuration" -v q -clp:ErrorsOnly
tests/compile-ahead.sh "$configuration"

# The summary's counts become the closing line; the exit code stays that of the tests.
log=$(mktemp)
# What the tests say about themselves, which the runner does not show: whose PostgreSQL they ran on.
OCFCLOUD_TEST_NOTES=$(mktemp)
export OCFCLOUD_TEST_NOTES
trap 'rm -f "$log" "$OCFCLOUD_TEST_NOTES"' EXIT
# Measurements are made by hand.
run() { dotnet test --no-build --no-progress --filter-not-trait "Kind=Figures" --test-modules "$@" 2>&1 | tee -a "$log"; }
end_to_end=tests/OcfCloud.EndToEnd.Tests/bin/$configuration/net10.0/OcfCloud.EndToEnd.Tests.dll
rooms=$(printf '%s;' tests/OcfCloud.*.Tests/bin/"$configuration"/net10.0/OcfCloud.*.Tests.dll)
rooms=${rooms/"$end_to_end;"/}
set +e
# What takes the longest begins first, and beside it the rooms one after the other: left to the runner it may begin last.
run "$end_to_end" "$@" &
run "${rooms%;}" --max-parallel-test-modules 1 "$@"
code=$?
wait $!
whole=$?
[ "$whole" = 0 ] || code=$whole
set -e
count() { awk -v name="$1:" '$1 == name && /^  [a-z]+: [0-9]+$/ {n += $2} END {print n + 0}' "$log"; }

[ "$code" != 8 ] || echo "A test project ran no test." >&2
# What could not run proves nothing: a developer sees it in the summary, CI fails.
if [ "${CI:-}" = true ] && [ "$(count skipped)" != 0 ] && [ "$code" = 0 ]; then
  echo "$(count skipped) skipped: in CI every test runs." >&2
  code=1
fi
sort -u "$OCFCLOUD_TEST_NOTES"
echo "$(count succeeded) passed, $(count failed) failed"
exit "$code"
