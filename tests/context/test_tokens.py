# ruff: noqa: E501 - tables and samples read best on one line
import base64
import inspect
import json
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


SQL = "\n".join(
    f"SELECT c.name, SUM(o.amount) AS total FROM orders o JOIN customers c ON c.id = o.customer_id "
    f"WHERE o.created_at >= '2024-0{n % 9 + 1}-01' GROUP BY c.name HAVING SUM(o.amount) > {n * 100} LIMIT {n};"
    for n in range(20)
)
TRACEBACK = "".join(
    f'  File "/opt/lib/python3.12/site-packages/pandas/core/indexes/base.py", line {3800 + n}, in get_loc\n'
    f"    return self._engine.get_loc(casted_key)\n           {'^' * 37}\nKeyError: 'price_{n}'\n"
    for n in range(20)
)
OTHERS = {
    "German": "Zuerst prüfen wir, welche Werte fehlen; danach entfernen wir die Ausreißer und zeichnen die Ergebnisse. ",
    "French": "D'abord nous vérifions quelles valeurs manquent, puis nous supprimons les données aberrantes du tableau. ",
    "Spanish": "Primero revisamos qué valores faltan; después eliminamos los datos atípicos y dibujamos los resultados. ",
    "Russian": "Сначала мы проверяем, каких значений не хватает, затем удаляем выбросы и рисуем результаты на графике. ",
    "Japanese": "まず、どの値が欠けているかを確認し、外れ値を取り除いてから、結果をグラフに描きます。",
    "Korean": "먼저 어떤 값이 빠졌는지 확인하고, 이상치를 제거한 다음 결과를 그래프로 그립니다. ",
    "traditional Chinese": "首先確認哪些數值遺漏，接著刪除異常的資料，最後把結果畫成圖表，並說明變數之間的關係。",
}
TEXTS = {
    "code": inspect.getsource(some_code),
    "prose": PROSE,
    "Chinese": CHINESE,
    "numbers, aligned": numbers("aligned"),
    "numbers, csv": numbers("csv"),
    "integers": numbers("integers"),
    "SQL": SQL,
    "a traceback": TRACEBACK,
    "JSON": json.dumps([{"name": f"row {n}", "ok": n % 3 == 0, "share": n / 7} for n in range(40)]),
    "base64": base64.b64encode(random.Random(1).randbytes(1500)).decode(),
    "a mixed notebook": "\n".join([PROSE, SQL[:900], numbers("csv")[:900], CHINESE[:300], TRACEBACK[:900]]),
    **{language: text * 8 for language, text in OTHERS.items()},
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
