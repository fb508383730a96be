#!/bin/sh
# Counts the instructions of a send, a receive and a delete in parser and core, in a line each and in lines of 64, for
# one message, and the allocations they make once warm, and compares with the kept figures: noise cannot touch them, so a change of more than 2 % is a change of ours.
#
#   Tests/Instructions/check.sh          compares; fails when a figure has grown or shrunk by more than 2 %
#   Tests/Instructions/check.sh --keep   writes the figures into figures.txt
#   Tests/Instructions/check.sh --who    also shows who allocates
#
# Needs valgrind. SCRATCH names the build folder (default .build), TURNS the length (default 200).
set -eu
cd "$(dirname "$0")/../.."
scratch=${SCRATCH:-.build}
turns=${TURNS:-200}
depth=64
kept=Tests/Instructions/figures.txt
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

swift build --scratch-path "$scratch" -c release --product martlet-instructions >"$folder/build" 2>&1 ||
    { cat "$folder/build"; exit 1; }
program=$(swift build --scratch-path "$scratch" -c release --show-bin-path)/martlet-instructions

# The runtime seeds its hash tables by chance unless it is told not to.
export SWIFT_DETERMINISTIC_HASHING=1
valgrind --tool=callgrind --callgrind-out-file="$folder/profile" "$program" "$turns" >/dev/null 2>"$folder/log" ||
    { cat "$folder/log"; exit 1; }
callgrind_annotate --inclusive=yes --threshold=100 "$folder/profile" >"$folder/functions" 2>/dev/null

# Instructions for one message: those of all turns, in and below the function.
instructions() {
    # Whole names: the compiler may merge what is alike into a function with a longer name.
    grep -Em1 "martlet_measured_$1( |$)" "$folder/functions" | tr -d ',' |
        awk -v requests=$((turns * depth)) '{ printf "%.0f", $1 / requests }'
}

# Calls of the allocator in a run of so many turns.
allocations() {
    valgrind --leak-check=no "$program" "$1" 2>&1 >/dev/null | tr -d ',' |
        sed -n 's/.*total heap usage: \([0-9]*\) allocs.*/\1/p'
}

few=$(allocations 100)
many=$(allocations 300)
{
    for request in sends receives deletes batches batch_receives batch_deletes; do
        echo "${request}_instructions $(instructions $request)"
    done
    awk -v calls=$((many - few)) -v cycles=$((2 * 200 * depth)) \
        'BEGIN { printf "allocations_per_1000_cycles %.1f\n", 1000 * calls / cycles }'
} >"$folder/figures"

# Who calls the allocator at least once a turn.
if [ "${1:-}" = --who ]; then
    callgrind_annotate --tree=caller --inclusive=yes --threshold=100 "$folder/profile" 2>/dev/null |
        awk -v turns="$turns" '
            / < / { callers[++count] = $0; next }
            / \* / {
                if ($0 ~ /:(malloc|swift_slowAlloc|swift_allocObject) /)
                    for (i = 1; i <= count; i++)
                        if (match(callers[i], /\([0-9]+x\)/) && substr(callers[i], RSTART + 1) + 0 >= turns)
                            print callers[i]
                count = 0
            }'
fi
if [ "${1:-}" = --keep ]; then cp "$folder/figures" "$kept"; fi

awk 'NR == FNR { kept[$1] = $2; next }
    {
        change = kept[$1] > 0 ? 100 * ($2 - kept[$1]) / kept[$1] : ($2 > 0 ? 100 : 0)
        printf "%-28s %8s  kept %8s  %+.1f %%\n", $1, $2, kept[$1], change
        if (change > 2 || change < -2) failed = 1
    }
    END { exit failed }' "$kept" "$folder/figures" || {
    echo "A figure has changed by more than 2 %: find out why, and run with --keep if it is meant to be." >&2
    exit 1
}
