"""The test modules, read by the workers of a run in different orders.

In a new tree each module is compiled with its asserts rewritten, which takes longer than all else before the first test;
whoever comes to a module later finds it compiled.
"""

import contextlib
import importlib

import pytest


def read(config):
    """Import what is about to be collected from folders, beginning with the part of this worker."""
    number = int(config.workerinput["workerid"].removeprefix("gw"))
    for path in turned(modules(config), number, config.workerinput["workercount"]):
        # What is wrong with a module is told when it is collected.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(path.with_suffix("").parts))


def modules(config):
    """The test modules in the folders that the run was asked for, from the root of the tree."""
    folders = [config.rootpath / argument for argument in config.args]
    found = {path for folder in folders if folder.is_dir() for path in folder.rglob("test_*.py")}
    return sorted(path.relative_to(config.rootpath) for path in found)


def turned(all_of_them, number, count):
    """All of them, from the part of one of so many workers on."""
    start = len(all_of_them) * number // count
    return all_of_them[start:] + all_of_them[:start]
