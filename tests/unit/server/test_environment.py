"""The environment is the locked one, and the shims in it are this project's."""
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

PROJECT = Path(__file__).parents[3]
REQUIREMENTS = PROJECT / "requirements"
NEEDS_TENSORFLOW = {
    "DIETClassifier",
    "ResponseSelector",
    "ConveRTFeaturizer",
    "LanguageModelFeaturizer",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
}


def python(code: str) -> str:
    """Run code in a fresh Python of this environment and return what it printed; fails with its errors."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def overrides() -> list[tuple[str, str, str]]:
    """Name, version range and marker of each override."""
    lines = (REQUIREMENTS / "overrides.txt").read_text().splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    found = [re.fullmatch(r"([A-Za-z0-9_-]+)([^;#]*?)\s*(?:;\s*(.+))?", entry) for entry in entries]
    assert all(found), "a line that is no override"
    return [(match[1], match[2].strip(), match[3] or "") for match in found if match]


@pytest.mark.parametrize(("name", "versions", "marker"), overrides())
def test_an_override_has_not_drifted(name: str, versions: str, marker: str) -> None:
    if marker and not Marker(marker).evaluate():
        with pytest.raises(PackageNotFoundError):
            version(name)
    else:
        assert version(name) in SpecifierSet(versions)


def test_installed_versions_are_the_locked_ones() -> None:
    lines = (REQUIREMENTS / "main.txt").read_text().splitlines()
    locked = [re.match(r"([A-Za-z0-9_.-]+)==(\S+)(?: ; (.*?))? \\$", line) for line in lines]
    present = [match for match in locked if match and (not match[3] or Marker(match[3]).evaluate())]
    assert len(present) > 100
    assert {match[1]: version(match[1]) for match in present} == {match[1]: match[2] for match in present}


def test_every_locked_package_has_a_hash() -> None:
    for name in ("main.txt", "test.txt", "uv.txt"):
        packages = re.split(r"\n(?=[a-z0-9])", (REQUIREMENTS / name).read_text(), flags=re.IGNORECASE)[1:]
        assert packages and all("--hash=sha256:" in package for package in packages), name


def component_names(config: str) -> set[str]:
    """The class names in `pipeline` and `policies` of a Rasa configuration."""
    content = yaml.safe_load(config)
    return {entry["name"].rpartition(".")[2] for key in ("pipeline", "policies") for entry in content.get(key) or []}


def test_the_pipeline_needs_no_tensorflow() -> None:
    names = component_names((PROJECT / "config.yml").read_text())
    assert names, "without names Rasa would choose its default components, which need TensorFlow"
    assert not names & NEEDS_TENSORFLOW


def test_the_list_of_tensorflow_components_is_whole() -> None:
    """Found by asking Rasa's own source which of its components import TensorFlow."""
    import rasa

    root = Path(rasa.__file__).parent
    sources = [path.read_text() for folder in ("nlu", "core/policies") for path in (root / folder).rglob("*.py")]
    importing = "\n".join(source for source in sources if "import tensorflow" in source)
    classes = set(re.findall(r"^class (\w+(?:Classifier|Selector|Featurizer|Policy))\b", importing, re.MULTILINE))
    assert classes == NEEDS_TENSORFLOW


def test_the_installed_shims_are_those_of_this_project() -> None:
    installed = Path(python("import rasa_on_new_python as r; print(r.__path__[0])"))
    for source in (PROJECT / "rasa_on_new_python").glob("*.py"):
        if source.name == "install.py":
            continue
        assert (installed / source.name).read_text() == source.read_text(), f"{source.name}: run make again"


def test_telemetry_is_off_wherever_python_starts() -> None:
    code = "import os; os.environ.pop('RASA_TELEMETRY_ENABLED', None); import rasa_on_new_python as shims; shims.activate(); "
    assert python(code + "print(os.environ['RASA_TELEMETRY_ENABLED'])") == "false"


def test_a_neural_component_says_what_is_missing() -> None:
    code = "from rasa.utils.tensorflow.models import RasaModel\ntry: RasaModel()\nexcept RuntimeError as e: print(e)"
    assert "needs TensorFlow" in python(code)


def test_the_placeholder_is_harmless_to_libraries_that_look_for_tensorflow() -> None:
    code = (
        "import tensorflow as tf, spacy, matplotlib.cbook, numpy\n"
        "print(tf.is_tensor(numpy.ones(2)), spacy.blank('en')('a b')[1])"
    )
    assert python(code) == "False b"


def test_other_versions_are_refused_in_plain_words() -> None:
    code = (
        "import rasa_on_new_python as r\nr.WRITTEN_FOR['sanic'] = '21.12'\n"
        "try:\n    import rasa\nexcept ImportError as e: print(e)"
    )
    said = python(code)
    assert "sanic" in said and "21.12" in said and "make" in said


def test_starting_python_stays_cheap() -> None:
    loaded = python("import sys; print([m for m in ('rasa', 'sanic', 'tensorflow', 'numpy') if m in sys.modules])")
    assert loaded == "[]"


def test_more_workers_are_refused_with_a_reason() -> None:
    code = "from sanic import Sanic\ntry: Sanic('a').run(workers=2)\nexcept RuntimeError as e: print(e)"
    assert "SANIC_WORKERS" in python(code)
