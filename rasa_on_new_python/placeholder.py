"""An inert stand-in for TensorFlow: it can be imported, subclassed and used as a decorator, and does nothing."""
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ABSENT = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_text", "keras"})


def _is_private(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


class _AnyAttribute(type):
    """Metaclass of classes on which every attribute is again such a class."""

    def __getattr__(cls, name: str) -> Any:
        if _is_private(name):
            raise AttributeError(name)
        return new_class(name)

    def __getitem__(cls, _key: Any) -> Any:
        return cls

    def __len__(cls) -> int:
        return 0

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class Nothing(metaclass=_AnyAttribute):
    """Takes any argument and any call. A class that Rasa derives from it is a neural component and cannot be used."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        if type(self).__module__.startswith("rasa."):
            raise RuntimeError(
                f"{type(self).__name__} needs TensorFlow, which this environment leaves out. "
                "Use components without it in config.yml (for example LogisticRegressionClassifier, RulePolicy)."
            )

    def __call__(self, *args: Any, **_kwargs: Any) -> Any:
        return args[0] if args else self

    def __getattr__(self, name: str) -> Any:
        if _is_private(name):
            raise AttributeError(name)
        return new_class(name)

    def __len__(self) -> int:
        return 0


def new_class(name: str) -> _AnyAttribute:
    """A fresh empty class, so that Rasa may derive from several at once."""
    return _AnyAttribute(name, (Nothing,), {"__module__": __name__})


class PlaceholderModule(ModuleType):
    """A module in which every public name exists."""

    def __getattr__(self, name: str) -> Any:
        if _is_private(name):
            raise AttributeError(name)
        if name == "is_tensor":  # matplotlib asks this of every array it draws
            return lambda _value: False
        return new_class(name)


class PlaceholderFinder(MetaPathFinder, Loader):
    """Finds the absent packages and all their submodules; stands last, so an installed TensorFlow is taken instead."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in ABSENT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return PlaceholderModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
