# ruff: noqa: E501 - tables and samples read best on one line
import inspect
import random
import warnings

import pytest

import comet_magics.context.frames as some_code
from comet_magics.context.tokens import Calibration, estimate

CHINESE = (
    "数据框共有三千四百四十四行，每一行记录一只企鹅的种类、岛屿、喙长、喙深、鳍长和体重。其中有两行缺少体重，十一行没有性别。"
    "我们先按照种类分组，再计算每组体重的平均值与标准差，最后画出散点图来观察喙长和鳍长之间的关系。"
    "如果某一列的类型是文本，但是里面全部是数字，就应当先转换成数值，否则排序和求和都会得到错误的结果。"
    "时间序列的数据需要检查频率是否固定，是否有重复的时间戳，以及时区是否一致。模型训练之前要把数据分为训练集和测试集，"
    "不能让测试集里的信息泄漏到训练过程之中。今天的会议讨论了下一季度的销售预测，大家认为价格上涨的影响被低估了。"
)
PROSE = inspect.cleandoc(
    """
    A data scientist who works in a notebook keeps most of what matters in memory: frames that took an hour to load, a
    model that took a night to train, and a dozen small decisions that nobody wrote down. When something goes wrong the
    question is seldom about syntax. It is about why the join lost eleven rows, whether the missing values were missing
    before the merge, and what the column called "flag2" was ever supposed to mean. An assistant that can see those things
    may be of help; one that cannot will answer politely and be wrong. The difference is not how clever the model is but
    what it was told. That is why the notebook is described before the question is asked, why the description is short,
    and why you can read every word of it before it leaves your machine.
    """
)


def numbers(form):
    rng = random.Random(4)
    rows = [[rng.gauss(50, 20) for _ in range(6)] for _ in range(60)]
    if form == "csv":
        return "\n".join(",".join(f"{value:.2f}" for value in row) for row in rows)
    if form == "integers":
        return "\n".join("  ".join(f"{int(value * 1000):>8}" for value in row) for row in rows)
    return "\n".join(f"{n:<4}" + "".join(f"{value:>12.6f}" for value in row) for n, row in enumerate(rows))


TEXTS = {
    "code": inspect.getsource(some_code),
    "prose": PROSE,
    "Chinese": CHINESE,
    "numbers, aligned": numbers("aligned"),
    "numbers, csv": numbers("csv"),
    "integers": numbers("integers"),
}


@pytest.fixture(scope="module")
def reference():
    with warnings.catch_warnings():  # it opens its vocabulary in a way that Python deprecates
        warnings.simplefilter("ignore", DeprecationWarning)
        import bpe_openai

        encoding = bpe_openai.get_encoding("o200k_base")
    return lambda text: sum(len(encoding.encode(text[at : at + 20_000])) for at in range(0, len(text), 20_000))


@pytest.mark.parametrize("kind", TEXTS)
def test_within_twelve_percent_of_o200k_base(reference, kind):
    true = reference(TEXTS[kind])
    assert true > 150
    assert abs(estimate(TEXTS[kind]) - true) <= 0.12 * true, (estimate(TEXTS[kind]), true)


def test_nothing_takes_no_tokens():
    assert estimate("") == 0


def test_usage_corrects_the_estimate():
    calibration = Calibration()
    for _ in range(6):
        calibration.learn(1000, 1100)
    assert calibration.correct(1000) == pytest.approx(1100, abs=3)
    for _ in range(9):
        calibration.learn(1000, 9000)  # a gateway that counts otherwise is not believed without end
    assert calibration.factor <= 1.25


def test_a_small_request_teaches_nothing():
    calibration = Calibration()
    calibration.learn(20, 60)
    assert calibration.factor == 1.0
