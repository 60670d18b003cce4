# Measures what a run of a program costs: instructions, system calls, bytes, connections, memory, and wall time.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only wall time depends on what else the machine does."""
import concurrent.futures
import os
import re
import statistics
import subprocess
import time
from typing import NamedTuple

TOOLS = ("/usr/bin/valgrind", "/usr/bin/strace", "/usr/bin/time")
WARM_UPS = 3
PATIENCE = ("-t", "60")  # for the checks, and those of others: callgrind on a busy machine is slow
# A call in strace's output: name, TCP socket if its descriptor is one such as 5<TCP:[127.0.0.1:54038->127.0.0.1:389]>, result.
CALL = re.compile(r"^\d+ +(\w+)\((?:\d+<(TCP.*?\])>)?.* = (-?\d+)")
READS_OR_WRITES = {"read", "write", "readv", "writev", "recvfrom", "sendto", "recvmsg", "sendmsg"}


class BenchError(Exception):
    """The measurement can't be made; one line says why."""


class Trace(NamedTuple):
    """What a run asks of the system: all its calls, and bytes both ways on its TCP connections."""
    calls: int
    bytes: int
    connections: int


def read_trace(lines):
    calls = [match for match in map(CALL.match, lines) if match]
    moved = [(call[2], int(call[3])) for call in calls if call[2] and call[1] in READS_OR_WRITES and int(call[3]) > 0]
    return Trace(len(calls), sum(length for _, length in moved), len({connection for connection, _ in moved}))


class Meter:
    """Runs programs with output to /dev/null. `times` are milliseconds, `peaks` KiB, by a program's name."""

    def __init__(self, home):
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(home), "LC_ALL": "C"}
        self._null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
        self._home = home
        self.times, self.peaks, self.instructions, self.traces = {}, {}, {}, {}

    def try_out(self, name, command):
        """Once with its output looked at: what fails need not be measured."""
        done = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)
        if done.returncode:
            raise BenchError(f"{name} exits with {done.returncode}: {(done.stdout + done.stderr).strip()}")

    def _run(self, name, command):
        started = time.perf_counter()
        pid = os.posix_spawn(command[0], command, self.environment, file_actions=self._null)
        _, status, _ = os.wait4(pid, 0)
        if status:
            raise BenchError(f"{name} failed in the middle of the measurement (wait status {status})")
        return 1000 * (time.perf_counter() - started)

    def _run_under(self, name, tool, command, number=0):
        """What the tool, whose last word wants the name of a file, wrote about a run."""
        note = self._home / f"note-{re.sub('[^a-z]', '-', name)}-{number}"
        self._run(name, [*tool[:-1], tool[-1] + str(note), *command])
        return note.read_text(errors="replace")

    def time(self, programs, slow, rounds):
        """Round-robin, each round beginning with another program: noise of the machine hits all alike. Slow programs run
        once for thirty rounds."""
        quick = [name for name in programs if name not in slow]
        self.times |= {name: [] for name in programs}
        for number in range(WARM_UPS + rounds):
            first = number % len(quick)
            for name in quick[first:] + quick[:first]:
                milliseconds = self._run(name, programs[name])
                if number >= WARM_UPS:
                    self.times[name].append(milliseconds)
        for name in set(programs) & set(slow):
            self.times[name] = [self._run(name, programs[name]) for _ in range(max(1, rounds // 30))]

    def weigh(self, name, command, runs):
        """The largest peak of memory by an outer program: wait4 would count what this Python has before exec."""
        tool = ["/usr/bin/time", "-f", "%M", "--output="]
        self.peaks[name] = max(int(self._run_under(name, tool, command)) for _ in range(runs))

    def trace(self, name, command, runs):
        """The median of each: how often a program has to wait depends on the server."""
        tool = ["/usr/bin/strace", "-f", "-yy", "--output="]
        traces = [read_trace(self._run_under(name, tool, command).splitlines()) for _ in range(runs)]
        self.traces[name] = Trace(*map(statistics.median, zip(*traces)))

    def _count_once(self, name, command, number):
        tool = ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file="]
        found = re.search(r"Collected : (\d+)", self._run_under(name, tool, command, number))
        if not found:
            raise BenchError(f"callgrind does not say how many instructions {name} took")
        return int(found[1])

    def count(self, programs, times):
        """The median of instructions in user mode: Kerberos and TLS draw random numbers, and some take a few steps more.
        On all processors at once, as nothing here depends on how long it takes."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = {name: [pool.submit(self._count_once, name, programs[name], number) for number in range(times[name])]
                    for name in times}
        self.instructions |= {name: statistics.median(run.result() for run in counted) for name, counted in runs.items()}
