"""Tells what a name in a module stands for, through the module's imports and aliases."""

import ast


class Names:
    """The dotted meaning of names and attributes in one module: `np.load` is `numpy.load`."""

    def __init__(self, module: ast.Module) -> None:
        self._meaning: dict[str, str] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Import):
                self._learn_import(node)
            elif isinstance(node, ast.ImportFrom):
                self._learn_from(node)

    def _learn_import(self, node: ast.Import) -> None:
        for alias in node.names:
            first = alias.name.partition(".")[0]
            self._meaning[alias.asname or first] = alias.name if alias.asname else first

    def _learn_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def meaning(self, node: ast.expr) -> str:
        """Return the dotted meaning; what is no name (a call, a subscript) is `?`."""
        if isinstance(node, ast.Name):
            return self._meaning.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return f"{self.meaning(node.value)}.{node.attr}"
        return "?"
