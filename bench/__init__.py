"""Measurements, run by hand: `python -m bench.core`. Figures vary by machine; compare them side by side."""
