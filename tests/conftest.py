"""What every test gets, and what any test may ask for.

Every test, without asking: an empty COMET_MAGICS_HOME of its own, no COMETAPI_KEY and no COMETAPI_BASE_URL, no keyring,
and IPython's and Jupyter's own folders away from the user's; kernels and subprocesses started by a test inherit that.
HOME stays as it is.

To ask for (both once a session, shared by all tests):
- `weights`  the path of the embedded model's weights, fetched at the first use into the COMET_MAGICS_HOME that pytest
             was started with, so that a second run finds them
- `embedded` the embedded model, running: `.base_url` and `.key` for any client or kernel; it answers for any model name
"""

from __future__ import annotations

import os

import pytest

from comet_magics.storage.home import home
from comet_magics.transport.local import start
from comet_magics.transport.weights import fetch

REAL_HOME = home()  # read before any test is isolated


@pytest.fixture(scope="session", autouse=True)
def _no_user_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COMETAPI_")]:
            patch.delenv(name)
        patch.setenv("COMET_MAGICS_HOME", str(folder / "comet_magics"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "jupyter_config"))
        patch.setenv("JUPYTER_DATA_DIR", str(folder / "jupyter_data"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "jupyter_runtime"))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        yield


@pytest.fixture(autouse=True)
def _own_home(monkeypatch, tmp_path_factory):
    """Also undoes what a test set in the environment itself."""
    monkeypatch.setenv("COMET_MAGICS_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    monkeypatch.delenv("COMETAPI_BASE_URL", raising=False)


@pytest.fixture
def shell():
    """IPython's shell without a kernel, new for each test."""
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.fixture(scope="session")
def weights():
    return fetch(REAL_HOME)


@pytest.fixture(scope="session")
def embedded(weights):
    with start(weights) as model:
        yield model
