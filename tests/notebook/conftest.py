"""One kernel with the cells' fixture for all tests of checks and rehearsals."""

import pytest


@pytest.fixture(scope="package")
def rehearsals(tmp_path_factory):
    # Late: the tests beside these need no kernel, and run where there is none.
    from cells import Rehearsals
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("cells")))
    try:
        yield Rehearsals(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
