"""Run a function right after a module was imported, without importing it early."""
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType


class AfterImport(MetaPathFinder):
    """Import hook: `actions` maps a module's full name to what is called with the module once it is loaded."""

    def __init__(self, actions: dict[str, Callable[[ModuleType], None]]) -> None:
        self._actions = dict(actions)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        action = self._actions.pop(name, None)  # gone from here on, so that the search below ends in the real finders
        if action is None:
            return None
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            _call_after_loading(spec.loader, action)
        return spec


def _call_after_loading(loader: Loader, action: Callable[[ModuleType], None]) -> None:
    load = loader.exec_module

    def load_and_act(module: ModuleType) -> None:
        load(module)
        action(module)

    loader.exec_module = load_and_act  # type: ignore[method-assign]
