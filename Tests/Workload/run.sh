#!/bin/bash
# A day at work, in a minute: separate processes send 100,000 messages and take them out again, while one consumer is
# killed and one producer is stopped for a while. In the end every message must have come through: that is counted from
# what the consumers have written, not from what the broker says.
#
#   Tests/Workload/run.sh [DIRECTORY WITH martletd AND martlet]      default: .build/release
#
# Producers: three `martlet send --lines` and one `nc` with JSON lines. Consumers: three `martlet receive --follow` (one
# is killed with SIGKILL midway, while it holds leases) and one `nc` that takes messages with `auto_delete`.
# Needs bash, coreutils and netcat (`nc -N`, Debian's netcat-openbsd). Exit status 0: nothing was lost.
set -euo pipefail
bin=$(readlink -f "${1:-.build/release}")
work=$(mktemp -d)
per_producer=25000
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

until_true() { # SECONDS COMMAND...: polls a condition; fails loudly when it does not come
    local deadline=$((SECONDS + $1)); shift
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then echo "timed out waiting for: $*" >&2; exit 1; fi
        read -rt 0.05 <> <(:) || true
    done
}
stat() { "$bin/martlet" stats jobs --json | grep -o "\"$1\":[0-9]*" | head -1 | cut -d: -f2; }
received() { cat "$work"/out.* 2>/dev/null | wc -l; }
has_received() { [ "$(received)" -ge "$1" ]; }
is_drained() { [ "$(stat ready)" = 0 ] && [ "$(stat leased)" = 0 ] && [ "$(stat sent)" = $((4 * per_producer)) ]; }

"$bin/martletd" --listen 127.0.0.1:0 2>"$work/log" &
pids+=($!)
until_true 10 grep -q 'listening on' "$work/log"
MARTLET_SERVER=$(grep -o '127\.0\.0\.1:[0-9]*' "$work/log" | head -1)
export MARTLET_SERVER
port=${MARTLET_SERVER##*:}

for consumer in 1 2 3; do
    "$bin/martlet" receive jobs --follow --name "consumer-$consumer" >"$work/out.$consumer" &
    pids+=($!)
    consumers[consumer]=$!
done
for producer in 1 2 3; do
    seq -f "producer-$producer %.0f" "$per_producer" >"$work/lines.$producer"
    "$bin/martlet" send jobs --lines "$work/lines.$producer" --name "producer-$producer" >/dev/null 2>&1 &
    pids+=($!)
    producers[producer]=$!
done
seq -f '{"op":"send","queue":"jobs","body":"producer-nc %.0f"}' "$per_producer" >"$work/lines.nc"
nc -N 127.0.0.1 "$port" <"$work/lines.nc" >"$work/replies.nc" &
pids+=($!)

# One producer is stopped as a whole, and goes on later.
kill -STOP "${producers[2]}"
until_true 30 has_received 20000
disown "${consumers[1]}"
kill -KILL "${consumers[1]}"
echo "consumer 1 killed after $(received) messages; the queue then: $(stat ready) ready, $(stat leased) leased"
# A consumer of another kind takes over some of the work: nc, without leases.
for _ in $(seq 20); do echo '{"op":"receive","queue":"jobs","max":100,"auto_delete":true}'; done |
    nc -N 127.0.0.1 "$port" | grep -o '"body":"[^"]*"' | cut -d'"' -f4 >"$work/out.nc" || true
kill -CONT "${producers[2]}"
until_true 60 is_drained

for producer in 1 2 3; do wait "${producers[producer]}"; done
accepted=$(grep -c '"ok":true' "$work/replies.nc")
[ "$accepted" = "$per_producer" ] || { echo "nc was confirmed $accepted of $per_producer messages" >&2; exit 1; }
kill -INT "${consumers[2]}" "${consumers[3]}"
wait "${consumers[2]}" "${consumers[3]}" || true

# What came through, against what was sent. The killed consumer may have been writing a line as it died: a message cut
# short there was not deleted and has come again to another one.
{ cat "$work"/lines.[123]; seq -f 'producer-nc %.0f' "$per_producer"; } | sort >"$work/sent"
cat "$work"/out.* | sort >"$work/received"
missing=$(comm -23 "$work/sent" <(uniq "$work/received") | wc -l)
twice=$(uniq -d "$work/received" | wc -l)
echo "sent $(wc -l <"$work/sent"), received $(wc -l <"$work/received"): $missing missing, $twice more than once"
echo "the broker counts $(stat sent) sent, $(stat deleted) deleted, $(stat redelivered) delivered again"
[ "$missing" = 0 ]
