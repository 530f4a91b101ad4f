"""Real objects of the engines that take long to install."""

from __future__ import annotations

import os

import geopandas
import pandas as pd
import pytest
import shapely
import torch
from pyspark.sql import SparkSession

from comet_magics.context.frames import describe_frame
from comet_magics.context.hiding import Hidden
from comet_magics.context.objects import describe

os.environ.setdefault("MODIN_ENGINE", "Python")  # read when Modin is imported
pytestmark = pytest.mark.filterwarnings("ignore")  # what these libraries warn of at import is theirs

ROWS = pd.DataFrame({"city": ["Oslo", "Oslo", None, "Rome"] * 5, "x": [1.5, 2.5, 3.5, 9.5] * 5})


def told(value):
    return describe_frame("df", value, redact=str, hidden=Hidden(), seconds=120)[0]


@pytest.fixture(scope="module")
def spark():
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


def test_pyspark(spark):
    text = told(spark.createDataFrame(ROWS.dropna()))
    assert text.startswith("df: pyspark DataFrame, not loaded, 15 rows × 2 columns")
    assert "1.5 … 9.5" in text
    assert "'Oslo' ×10" in text


def test_modin():
    import modin.pandas

    text = told(modin.pandas.DataFrame(ROWS))
    assert text.startswith("df: modin DataFrame")
    assert "5 missing (25.0 %)" in text
    assert "1.5 … 9.5" in text


def test_geopandas():
    points = [shapely.Point(n, n) for n in range(20)]
    text = told(geopandas.GeoDataFrame(ROWS, geometry=points, crs="EPSG:4326"))
    assert text.startswith("df: geopandas GeoDataFrame")
    assert "EPSG:4326" in text
    assert "20 Point" in text
    assert "bounds 0, 0 … 19, 19" in text


def test_torch():
    tensor = torch.tensor([[1.0, 2.0], [3.0, float("nan")]], requires_grad=True)
    text = describe("t", tensor, str, Hidden())[0]
    assert text.startswith("t: torch Tensor, 2 × 2, torch.float32, on cpu, requires grad, 1 … 3, mean 2, 1 NaN")
    network = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    text = describe("net", network, str, Hidden())[0]
    assert "49 parameters in all" in text
    assert "0 Linear, 40 parameters" in text
