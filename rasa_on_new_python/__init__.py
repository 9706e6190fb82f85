"""Lets Rasa 3.6.21 run on Python 3.11 or 3.12 with a current Sanic and without TensorFlow.

`python rasa_on_new_python/install.py` copies this package into the running environment, together with a `.pth` line
that imports it whenever Python starts there. From then on every `rasa` command behaves as a Rasa user expects:

- an inert placeholder answers for TensorFlow, which Rasa imports always but needs for its neural components only;
- `Sanic.run` stays in one process, because current Sanic starts workers that cannot find Rasa's application;
- `sanic.response.stream`, gone from Sanic, is there again (`rasa shell` streams its answers);
- the search for data and test stories leaves hidden folders out: in `.venv` lie test stories of Rasa's own example;
- telemetry is off unless RASA_TELEMETRY_ENABLED says otherwise: Rasa's start of it fails with a current sentry-sdk.

On versions it was not written for, importing Rasa fails and says so.
"""
import os
import sys

from .patching import AfterImport
from .placeholder import PlaceholderFinder

WRITTEN_FOR = {"rasa": "3.6.21", "sanic": "25.12."}
PYTHONS = ((3, 11), (3, 12))


def check_versions(_module: object) -> None:
    """Raise ImportError in plain words if Python, Rasa or Sanic is another than this package was tried with."""
    from importlib.metadata import version

    wrong = [
        f"{name} {version(name)} instead of {wanted}" for name, wanted in WRITTEN_FOR.items()
        if not version(name).startswith(wanted)
    ]
    if sys.version_info[:2] not in PYTHONS:
        wrong.append(f"Python {sys.version_info[0]}.{sys.version_info[1]} instead of 3.11 or 3.12")
    if wrong:
        raise ImportError(
            f"rasa_on_new_python does not fit this environment: {', '.join(wrong)}. "
            "Install the locked versions again (`make clean`, then `make run`), or try its shims with the new versions."
        )


def patch_sanic(_module: object) -> None:
    """Put the two shims into Sanic, right after it was imported."""
    from .sanic_shims import apply

    apply()


def patch_search(module: object) -> None:
    """Put the shim into Rasa's search for files, right after it was imported."""
    from .search_shim import apply

    apply(module)


def activate() -> None:
    """Add the import hooks; cheap, for it runs at every start of Python. An installed TensorFlow is taken first."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    if not any(isinstance(finder, PlaceholderFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AfterImport({"rasa": check_versions, "rasa.shared.data": patch_search, "sanic": patch_sanic}))
        sys.meta_path.append(PlaceholderFinder())


activate()
