# A plugin of pytest: runs only some of the tests, always the same.
# SPDX-License-Identifier: GPL-3.0-or-later
"""--sample=NUMBER/STEP: every STEP-th test; samples of other numbers have no test in common with it."""


def pytest_addoption(parser):
    parser.addoption("--sample", metavar="NUMBER/STEP", help="every STEP-th test")


def pytest_collection_modifyitems(config, items):
    number, step = map(int, config.getoption("--sample").split("/"))
    chosen = set(range(number, len(items), step))
    config.hook.pytest_deselected(items=[item for at, item in enumerate(items) if at not in chosen])
    items[:] = [items[at] for at in sorted(chosen)]
