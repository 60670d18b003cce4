# What Python needs so that it can sleep under libfaketime; tests/dates/run has it on PYTHONPATH.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python sleeps until a moment of the monotonic clock. libfaketime 0.9.10 moves that moment as if this clock were faked,
too, and the kernel refuses it (https://github.com/wolfcw/libfaketime/issues/426)."""
import select
import time


def sleep(seconds):
    select.select((), (), (), seconds)


time.sleep = sleep
