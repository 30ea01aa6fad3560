"""RS9 over the four packages, and proof that the lint sees each thing it forbids."""

import ast

import pytest

from tests.house import sources
from tests.house.executables import executables

FORBIDDEN = [
    "import pickle",
    "import pickle as p",
    "from pickle import loads",
    "import _pickle",
    "import cPickle",
    "import dill",
    "import cloudpickle.cloudpickle",
    "import marshal",
    "import shelve",
    "import jsonpickle",
    "import joblib",
    "import runpy",
    "import code",
    "import multiprocessing.connection",
    "from multiprocessing import connection",
    "from multiprocessing.managers import BaseManager",
    "import importlib; importlib.import_module('pickle')",
    "__import__('pickle')",
    "eval(text)",
    "exec(text)",
    "compile(text, 'name', 'exec')",
    "import builtins; builtins.eval(text)",
    "from builtins import exec as run",
    "import yaml; yaml.load(text)",
    "from yaml import load",
    "import yaml; yaml.unsafe_load(text)",
    "import numpy as np; np.load(path, allow_pickle=True)",
    "from numpy import load; load(path, allow_pickle=flag)",
    "socket.recv_pyobj()",
    "socket.send_pyobj(thing)",
    "import subprocess; subprocess.run(line, shell=True)",
    "import subprocess; subprocess.Popen(line, shell=wanted)",
    "import subprocess as sp; sp.getoutput(line)",
    "import os; os.system(line)",
    "from os import system",
    "import os; os.popen(line)",
    "import asyncio; asyncio.create_subprocess_shell(line)",
    "loop.subprocess_shell(factory, line)",
    "import logging.handlers; logging.handlers.SocketHandler(host, port)",
    "from logging.handlers import DatagramHandler",
    "from logging.config import listen",
    "import sqlalchemy as sa; sa.Column('x', sa.PickleType)",
    "frame.to_pickle(path)",
]

ALLOWED = [
    "import re; re.compile('x')",
    "import json; json.loads(text)",
    "import numpy as np; np.load(path, allow_pickle=False)",
    "import subprocess; subprocess.run(['ls'], shell=False)",
    "import ast; ast.literal_eval(text)",
    "import yaml; yaml.safe_load(text)",
    "import codecs",
    "evaluate(text); self.exec()",
    "import importlib; importlib.import_module('sqlite3')",
]


@pytest.mark.parametrize("snippet", FORBIDDEN)
def test_that_each_forbidden_thing_is_found(snippet: str) -> None:
    assert executables(ast.parse(snippet)) != []


@pytest.mark.parametrize("snippet", ALLOWED)
def test_that_a_harmless_neighbour_is_left_alone(snippet: str) -> None:
    assert executables(ast.parse(snippet)) == []


def test_that_no_bytes_can_run_as_code_in_the_four_packages() -> None:
    modules = sources.product_modules()
    assert modules
    sources.expect_none(sources.at(path, fault) for path in modules for fault in executables(sources.tree(path)))
