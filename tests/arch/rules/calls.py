"""Forbidden calls: time, chance, environment and threads come in through the shell, so that every room can be
driven by a test with a clock and a seed of its own."""

import re

SHELL = {"app", "lb/app", "ops", "cli", "net"}

CALLS = {  # what -> pattern over the code without comments and literals
    "the clock": r"\b(?:now|gettimeofday|clock_gettime)\s*\(|\bstd::time\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0|&)",
    "chance": r"\b(?:rand|srand|rand_r|drand48|getrandom|arc4random)\s*\(|\bstd::(?:random_device|mt19937(?:_64)?)\b",
    "the environment": r"\b(?:getenv|secure_getenv|setenv|putenv)\s*\(",
    "threads": r"\bstd::(?:jthread|thread|this_thread|async)\b|\bpthread_\w+\s*\(|\bthread_local\b",
    "locks": r"\bstd::(?:(?:recursive_|shared_|timed_)*mutex|lock_guard|scoped_lock|unique_lock|shared_lock"
    r"|condition_variable\w*|future|promise|latch|barrier|\w*semaphore)\b",
    "waiting": r"\b(?:u?sleep|nanosleep|sleep_for|sleep_until)\s*\(",
}
HEADERS = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "random", "latch", "barrier", "semaphore"}


def check(tree, table):
    found = []
    for f in tree.cpp("gateway/", "lb/", "tests/simulators/"):
        room = table.room_of(f.path)
        if room and (room.name in SHELL or _is_simulator_main(f.path)):
            continue
        for name, pattern in CALLS.items():
            for match in re.finditer(pattern, f.code):
                line = f.code.count("\n", 0, match.start()) + 1
                found.append((f.path, line, f"{name}: '{match.group().strip()}' belongs to the shell"))
        for line, quoted, header in f.includes:
            if not quoted and header in HEADERS:
                found.append((f.path, line, f"<{header}> belongs to the shell"))
    return found


def _is_simulator_main(path):
    return path.startswith("tests/simulators/") and path.endswith("/main.cpp")
