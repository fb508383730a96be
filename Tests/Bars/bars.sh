#!/bin/bash
# Measures Martlet against its peers and says which bars are met. The figures want a quiet machine: every ratio is a
# median of rounds taken in turn, and lowest and highest show how far to trust it.
#
#   Tests/Bars/bars.sh             all of it, about half an hour
#   Tests/Bars/bars.sh quick       a second each and little of everything: does each command still run?
#   ROUNDS=9 EACH=5 Tests/Bars/bars.sh
#   ONLY=redis Tests/Bars/bars.sh  the lines whose command contains the word
#
# Peers come from the distribution (beanstalkd redis-server nats-server); one that is not installed is left out. CPUS
# pins servers and load to processors (taskset -c). Ends with the number of bars that were missed.
set -u
cd "$(dirname "$0")/../.."
scratch=${SCRATCH:-.build}
base=${BASE_PORT:-17000}
rounds=${ROUNDS:-5}
each=${EACH:-3}
million=1000000
waiting=10000000
queues=100000
connections=10000
if [ "${1:-}" = quick ]; then
    rounds=1 each=0.5 million=100000 waiting=100000 queues=2000 connections=500
fi

for product in martletd martlet-bench; do
    swift build --scratch-path "$scratch" -c release --product $product >/dev/null || exit 1
done
programs=$(swift build --scratch-path "$scratch" -c release --show-bin-path)
folder=$(mktemp -d)
processes=()
pin=()
[ -n "${CPUS:-}" ] && pin=(taskset -c "$CPUS")
trap 'kill "${processes[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$folder"' EXIT

launch() {
    command -v "$1" >/dev/null || { echo "$1 is not installed: left out" >&2; return; }
    "${pin[@]}" "$@" >"$folder/$(basename "$1")-${#processes[@]}.log" 2>&1 &
    processes+=($!)
}

# Port and number of loops.
martlet() {
    MARTLET_MAX_QUEUES=300000 MARTLET_MAX_CONNECTIONS=20000 MARTLET_LOG_LEVEL=error \
        launch "$programs/martletd" --io-threads "${2:-${IO_THREADS:-1}}" --listen "127.0.0.1:$1"
}

await() {
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && break
        sleep 0.05
    done
}

ulimit -n "$(ulimit -Hn)"
martlet "$base"
martlet $((base + 1))
martlet $((base + 8)) 2
launch beanstalkd -l 127.0.0.1 -p $((base + 2))
launch redis-server --port $((base + 3)) --bind 127.0.0.1 --save '' --appendonly no --maxclients 20000
launch nats-server -js -sd "$folder/nats" -a 127.0.0.1 -p $((base + 4))
launch "$programs/martlet-bench" echo --listen 127.0.0.1:$((base + 5))
for port in 0 1 2 3 4 5 8; do await $((base + port)); done

missed=0
bench() {
    case "$*" in *"${ONLY:-}"*) ;; *) return ;; esac
    echo
    echo "martlet-bench $*"
    "${pin[@]}" "$programs/martlet-bench" "$@" || missed=$((missed + 1))
}

# A comparison: peer, scenario and options.
against() {
    peer=$1
    scenario=$2
    shift 2
    case $peer in
        martlet) port=1 program=martletd ;;
        beanstalkd) port=2 program=beanstalkd ;;
        redis-*) port=3 program=redis-server ;;
        nats) port=4 program=nats-server ;;
        echo) port=5 program=echo ;;
    esac
    if [ $port -gt 1 ] && ! command -v $program >/dev/null; then return; fi
    bench compare "$scenario" --peer "$peer" --server "127.0.0.1:$base" --peer-server "127.0.0.1:$((base + port))" \
        --rounds "$rounds" --seconds "$each" "$@"
}

alone() { bench "$@" --server "127.0.0.1:$base"; }

# On a Martlet that was just started: one that has been busy has memory in reserve, and would seem to need none.
fresh() {
    case "$*" in *"${ONLY:-}"*) ;; *) return ;; esac
    martlet $((base + 7))
    await $((base + 7))
    bench "$@" --server "127.0.0.1:$((base + 7))"
    kill "${processes[-1]}"
    wait "${processes[-1]}" 2>/dev/null
    unset "processes[-1]"
}

# 64 connections, depth 1.
against redis-list cycle -c 64 -d 1 --at-least 1.1
against redis-list cycle -c 64 -d 1 --figure request_p99_us --at-most 1.0
against beanstalkd cycle -c 64 -d 1 --at-least 1.3
against nats cycle -c 64 -d 1 --at-least 2.5
against echo cycle -c 64 -d 1 --at-least 0.85

# 16 connections, depth 64.
against redis-list cycle -c 16 -d 64 --at-least 4
against redis-list cycle -c 16 -d 64 --figure cpu_per_message_us --at-most 0.25
against redis-stream cycle -c 16 -d 64 --at-least 7
against beanstalkd cycle -c 16 -d 64 --at-least 14
against nats cycle -c 16 -d 64 --at-least 9

# Batches of 64 in one line against depth 64; sends only; bodies of a kilobyte.
against redis-list batch -c 16 -b 64 --at-least 8
against redis-list pipeline -c 1 --at-least 1.5
against redis-list cycle -c 32 -d 8 -q 8 -s 1000 --at-least 1.3
against beanstalkd cycle -c 32 -d 8 -q 8 -s 1000 --at-least 2

# Push, topics, a mixture: no bars, but worth knowing.
for peer in redis-list redis-stream beanstalkd nats; do
    against $peer subscribe
    against $peer fan-out
done
against beanstalkd mixed

# Two loops against one: on two processors with the load beside them, the second must not do harm.
for load in "-c 64 -d 1" "-c 16 -d 64"; do
    bench compare cycle $load --server "127.0.0.1:$((base + 8))" --peer martlet --peer-server "127.0.0.1:$((base + 1))" \
        --rounds "$rounds" --seconds "$each" --at-least 0.97
done

# Memory: of a million ready messages, and whether it comes back.
fresh backlog --messages $million --figure bytes_per_message --at-most 180
fresh backlog --messages $million -s 1000 --figure bytes_per_message --at-most 1100
fresh backlog --messages $million --figure memory_is_back --at-least 1
fresh backlog --messages $million -s 1000 --figure memory_is_back --at-least 1

# What a cycle costs with much around it, against a second Martlet that is empty.
for around in "--waiting $waiting" "--queues-around $queues" "--idle-connections $connections"; do
    against martlet cycle -c 64 -d 1 $around --figure cpu_per_message_us --at-most 1.3
    against martlet cycle -c 16 -d 64 $around --figure cpu_per_message_us --at-most 1.3
done
fresh idle -c $connections --figure bytes_each --at-most 1536

# The longest that anybody waits while something long is done.
alone stall --messages $million --figure request_max_us --at-most 20000

bench start --server "127.0.0.1:$((base + 6))" --at-most 50 -- \
    "$programs/martletd" --listen "127.0.0.1:$((base + 6))" --log-level error

echo
echo "$missed missed"
exit $((missed > 0))
