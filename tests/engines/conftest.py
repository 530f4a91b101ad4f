"""Heavy engines (torch, PySpark, Modin, GeoPandas) are tried by `nox -s engines`, which installs them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("COMET_MAGICS_ENGINES") else ["test_*.py"]
