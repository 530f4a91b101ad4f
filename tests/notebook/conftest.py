"""One kernel with the cells' fixture for all tests of checks and rehearsals."""

import pytest
from cells import Rehearsals
from jupyter_client.manager import start_new_kernel


@pytest.fixture(scope="package")
def rehearsals(tmp_path_factory):
    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("cells")))
    try:
        yield Rehearsals(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
