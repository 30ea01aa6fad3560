"""RS9: finds what would let bytes from the wire or the disk run as code: pickle and kin, eval and kin, the shell."""

import ast
from collections.abc import Iterator

from tests.house.names import Names
from tests.house.sources import Finding

_MODULES = {
    "_pickle",
    "cPickle",
    "cloudpickle",
    "code",
    "dill",
    "joblib",
    "jsonpickle",
    "marshal",
    "multiprocessing.connection",
    "multiprocessing.managers",
    "pickle",
    "runpy",
    "shelve",
}
_CALLS = {
    "__import__",
    "asyncio.create_subprocess_shell",
    "builtins.compile",
    "builtins.eval",
    "builtins.exec",
    "compile",
    "eval",
    "exec",
    "logging.config.listen",
    "os.popen",
    "os.system",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "yaml.full_load",
    "yaml.full_load_all",
    "yaml.load",
    "yaml.load_all",
    "yaml.unsafe_load",
    "yaml.unsafe_load_all",
}
_ATTRIBUTES = {
    "DatagramHandler",  # logging's: sends records pickled
    "PickleType",  # SQLAlchemy's column type
    "SocketHandler",  # logging's: sends records pickled
    "read_pickle",
    "recv_pyobj",
    "send_pyobj",
    "subprocess_shell",
    "to_pickle",
}
_KEYWORDS = {"allow_pickle", "shell"}


def executables(module: ast.Module) -> list[Finding]:
    """Return every place of the module that RS9 forbids."""
    names = Names(module)
    return [
        Finding(line=getattr(node, "lineno", 0), what=what)
        for node in ast.walk(module)
        for what in _faults(node, names)
    ]


def _faults(node: ast.AST, names: Names) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (f"import {alias.name}" for alias in aliases if _forbidden_module(alias.name))
        case ast.ImportFrom(module=str(module), names=aliases):
            yield from _faults_of_from(module, aliases)
        case ast.Attribute(attr=attribute) if attribute in _ATTRIBUTES:
            yield attribute
        case ast.Call():
            yield from _faults_of_call(node, names)


def _faults_of_from(module: str, aliases: list[ast.alias]) -> Iterator[str]:
    for alias in aliases:
        whole = f"{module}.{alias.name}"
        if _forbidden_module(module) or _forbidden_module(whole) or alias.name in _ATTRIBUTES or whole in _CALLS:
            yield f"from {module} import {alias.name}"


def _faults_of_call(call: ast.Call, names: Names) -> Iterator[str]:
    meaning = names.meaning(call.func)
    if meaning in _CALLS:
        yield f"{meaning}()"
    if meaning == "importlib.import_module" and call.args and _forbidden_module(_text(call.args[0])):
        yield f"import_module({_text(call.args[0])!r})"
    for keyword in call.keywords:
        if keyword.arg in _KEYWORDS and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False):
            yield f"{keyword.arg}= that is not False"


def _forbidden_module(name: str) -> bool:
    return any(name == forbidden or name.startswith(f"{forbidden}.") for forbidden in _MODULES)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
