import json
import re

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magics.context.hidden_values import named_secrets
from comet_magics.context.hiding import Hidden
from comet_magics.context.redact import Redactor
from comet_magics.context.secret_names import is_secret_name
from comet_magics.context.values import brief, shorten

from .harmless_sample import harmless
from .secrets_sample import planted
from .secrets_written import written


def test_every_planted_secret_is_replaced():
    samples = list(planted())
    assert len(samples) >= 150
    assert len({kind for kind, _, _ in samples}) >= 25
    redactor = Redactor()
    kept = [(kind, text) for kind, text, secret in samples if secret in redactor.redact(text)]
    assert kept == []


@pytest.mark.parametrize(("text", "secret"), [pytest.param(text, secret, id=kind) for kind, text, secret in written()])
def test_however_a_secret_is_written(text, secret):
    cleaned = Redactor().redact(text)
    assert secret not in cleaned
    assert Redactor().redact(text.replace("\n", "\r\n")) != text.replace("\n", "\r\n")


def test_nothing_of_a_planted_secret_stays_behind():
    """Not even a half of it: the longest run of characters that a redacted text shares with its secret is short."""
    redactor = Redactor()
    for _, text, secret in planted(seed=8):
        cleaned = redactor.redact(text)
        for start in range(len(secret) - 12):
            assert secret[start : start + 12] not in cleaned


def test_at_most_two_percent_of_harmless_strings_are_touched():
    samples = list(harmless())
    assert len(samples) == 500
    touched = [text for text in samples if Redactor().redact(text) != text]
    assert len(touched) <= 10, touched


@pytest.mark.parametrize("cut", range(20, 400, 17))
def test_shortening_never_cuts_a_secret_out_of_its_shape(cut):
    redactor = Redactor()
    for _, text, secret in planted(seed=9, each=1):
        shown = brief(f"{'x ' * (cut // 3)}{text}{' y' * 300}", redactor.redact, cut)
        for start in range(len(secret) - 12):
            assert secret[start : start + 12] not in shown


def test_a_secret_in_the_middle_of_a_very_long_value():
    redactor = Redactor()
    for _, text, secret in planted(seed=10, each=1):
        for before in (3000, 5990, 11_990, 50_000):
            shown = brief("a " * (before // 2) + text + " b" * 20_000, redactor.redact, 12_000)
            assert secret[:16] not in shown


@pytest.mark.parametrize(
    "written", [repr, json.dumps, lambda texts: repr("\n".join(texts)), lambda texts: repr(repr(texts))]
)
def test_secrets_within_printed_strings(written):
    samples = list(planted(seed=12))
    cleaned = Redactor().redact(written([text for _, text, _ in samples]))
    assert [kind for kind, _, secret in samples if secret in cleaned or json.dumps(secret)[1:-1] in cleaned] == []


def test_the_same_secret_gets_the_same_marker():
    redactor = Redactor()
    first = redactor.redact("password = 'violet-harbor-1'")
    redactor.redact("password = 'marble-tundra-2'")
    assert redactor.redact("password = 'violet-harbor-1'") == first == "password = '[secret 1: password]'"
    assert redactor.found == {"[secret 1: password]": 2, "[secret 2: password]": 1}


def test_redacting_twice_changes_nothing():
    redactor = Redactor()
    for _, text, _ in planted(each=2):
        once = redactor.redact(text)
        assert redactor.redact(once) == once


@given(st.text(max_size=300))
def test_any_text_is_taken(text):
    redactor = Redactor()
    once = redactor.redact(text)
    assert redactor.redact(once) == once


def test_emails_can_be_left():
    text = "write to violet@acme.example.org"
    assert Redactor(emails=False).redact(text) == text
    assert Redactor().redact(text) == "write to [secret 1: e-mail]"


def test_a_printed_table_keeps_its_shape():
    text = "   user  password  age\n0   bob  hunter-22   41\n1   eve   Blau#4711   33"
    assert Redactor().redact(text) == (
        "   user  password  age\n0   bob  [secret 1: password]   41\n1   eve   [secret 2: password]   33"
    )
    markdown = "| user | api_key |\n|---|---|\n| bob | marble-tundra-77 |"
    assert Redactor().redact(markdown) == "| user | api_key |\n|---|---|\n| bob | [secret 1: key] |"


def test_a_long_table_is_read_to_its_end():
    rows = "".join(f"u{n},hunter-{n}-Xy,{n}\n" for n in range(3000))
    assert "-Xy" not in Redactor().redact(f"user,password,n\n{rows}")


def test_what_a_telling_name_holds_is_found_where_it_stands_alone():
    redactor = Redactor()
    redactor.know_secrets(
        named_secrets({"db_password": "hunter-22", "rate": "hunter-44"}, {"APP_SECRET": "violet.7788"}, seconds=30)
    )
    assert redactor.redact("0  hunter-22\n1  hunter-44, violet.7788") == (
        "0  [secret 1: password]\n1  hunter-44, [secret 2: secret]"
    )


def test_values_under_telling_names_are_found_in_what_holds_them():
    class Config:
        def __init__(self):
            self.token, self.retries = "a1B2c3D4e5F6g7H8i9", 3

    frame = pandas.DataFrame({"password": ["Blau#4711", "summer"], "note": ["Gruen#4711", "x"]})
    deep = {"db": {"password": "hunter-22"}, "passwords": ["hunter-33"]}
    found = named_secrets({"config": Config(), "frame": frame, "deep": deep}, {}, seconds=30)
    assert {value for _, value in found} == {"a1B2c3D4e5F6g7H8i9", "Blau#4711", "hunter-22", "hunter-33"}


def test_lists_of_secrets_are_emptied_and_their_shape_stays():
    assert Redactor().redact("passwords = ['violet1', 'marble2']") == (
        "passwords = ['[secret 1: password]', '[secret 2: password]']"
    )


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "COMETAPI_KEY",
        "DB_PASSWORD",
        "apiKey",
        "api_key",
        "clientSecret",
        "access_token",
        "pwd",
        "aws_session_token",
        "dbPassword",
    ],
)
def test_telling_names(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "tokens_used",
        "max_tokens",
        "tokenizer",
        "primary_key",
        "password_length",
        "key",
        "secretary",
        "token",
        "passenger",
        "customer_key",
        "password_strength",
    ],
)
def test_harmless_names(name):
    assert not is_secret_name(name)


def test_hidden_names():
    hidden = Hidden(["patient_*", "df.ssn"])
    assert hidden.name("patient_age")
    assert not hidden.name("df")
    assert hidden.column("df", "ssn")
    assert hidden.column("copy_of_df", "ssn")
    assert not hidden.column("df", "name")
    assert hidden.column("other", "patient_name")
    assert hidden.mentions("x = patient_age.mean()")
    assert not hidden.mentions("x = impatient_age")


def test_hidden_values_are_found_anywhere():
    redactor = Redactor()
    redactor.hide_values(["Jane Doe", "111-22-3333", "12", "ab", "987654"])
    text = "row 3: Jane Doe (111-22-3333) is 12 and ab, number 987654; Jane Doeson is another"
    assert redactor.redact(text) == "row 3: [hidden] ([hidden]) is 12 and ab, number [hidden]; [hidden]son is another"


def test_shorten_keeps_both_ends():
    assert re.fullmatch(r"a+ … b+", shorten("a" * 300 + "b" * 300, 100))
