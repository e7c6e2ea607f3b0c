"""Puts the scripts on the path, as they are when `stack.py` runs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
