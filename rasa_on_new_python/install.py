"""Install this package into the running environment: `python rasa_on_new_python/install.py`."""
import shutil
import sysconfig
from pathlib import Path

SOURCE = Path(__file__).resolve().parent


def install(site_packages: Path) -> None:
    """Copy the package and write the `.pth` line that loads it; both are replaced if they are there."""
    target = site_packages / SOURCE.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns("__pycache__", "install.py"))
    (site_packages / f"{SOURCE.name}.pth").write_text(f"import {SOURCE.name}\n", encoding="utf-8")


if __name__ == "__main__":
    install(Path(sysconfig.get_path("purelib")))
