"""Which names tell of a secret, and which values look like one.

Promise: pure. A name is taken apart into words (`dbPassword`, `DB_PASSWORD` and `db-password` are alike), so that
`token_count`, `password_strength` and `secretary` are what they are. A sure name hides whatever it holds; a likely one
(`token`, `key`, `pass`) only what looks as if it were made not to be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from itertools import pairwise

from ..core.pattern import pattern

__all__ = [
    "TELLING",
    "Telling",
    "guarded",
    "guards",
    "is_distinctive",
    "is_placeholder",
    "is_secret_name",
    "looks_random",
    "telling",
]


class Telling(IntEnum):
    """How much a name says of what it holds."""

    NOTHING = 0
    LIKELY = 1
    SURELY = 2


# What every telling name contains, for a first and fast look; `telling` has the last word.
TELLING = (
    r"pass|pwd|\bpw|_pw|secret|key|token|credential|conn(?:ection)?[_-]?str|bearer|auth|cookie|sess(?:ion)?_?id|app_?id"
    r"|mnemonic|phrase|kennwort|contrase|senha|wachtwoord|парол|密码|密碼|口令|パスワード|비밀번호"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_SURE = _set(
    "password passwords passwd pwd passphrase passphrases passcode passcodes secret secrets credential"
    " credentials bearer apikey apikeys mnemonic connstr passwort kennwort contraseña contrasena senha wachtwoord"
    " пароль 密码 密碼 口令 パスワード 비밀번호"
)
_SURE_ENDS = ("password", "passwd", "passphrase", "apikey", "passwort")
# Before `key`, `token` and the like these leave no doubt; any other word does: a data warehouse is full of keys.
_BEFORE_KEY = _set(
    "api access auth private signing encryption decryption secret master subscription hmac jwt ssh deploy"
)
_BEFORE_TOKEN = _set(
    "my access auth authentication refresh bearer session api bot oauth personal private security deploy"
    " verification csrf xsrf device service admin webhook login github gitlab hf slack telegram vault npm pypi sas"
)
_PAIRS = frozenset(
    {("conn", "str"), ("conn", "string"), ("connection", "string"), ("connection", "str"), ("seed", "phrase")}
    | {
        ("recovery", "phrase"),
        ("mot", "passe"),
        ("de", "passe"),
        ("pass", "phrase"),
        ("pass", "word"),
        ("pass", "code"),
    }
)
_LIKELY = frozenset({"token", "tokens", "key", "keys", "auth", "cookie", "cookies", "sessionid", "appid"})
_LIKELY_PAIRS = frozenset({("session", "id"), ("app", "id")})
_LIKELY_LAST = frozenset({"pass", "pw"})
# How many, how long, of which kind, where to find it: a secret's surroundings are none.
_HARMLESS_BEFORE = _set(
    "max min num n total input output cached reasoning completion prompt special pad eos bos unk sep cls mask"
    " next stop context used avg mean per word sub sentence is has use show hide no without require requires reset"
    " forgot forget image audio text generated predicted vocab start end primary foreign sort partition group row"
    " dict join public natural surrogate composite idempotency low high band first second single multi two all one"
    " forward backward by boarding"
)
_HARMLESS_AFTER = _set(
    "count counts len lens length lengths limit limits type types kind field fields hash policy min max id ids"
    " name names col cols column columns file path url uri env var strength score scores index idx embedding"
    " embeddings usage budget expires expiry expiration age ttl size sizes per class scheme manager store rotation"
    " reset used left changed frequency freq set valid validator required error errors attempts input label prompt"
    " form pattern regex rules rate prob probs logits mask position pos weights stats santa garden sauce"
    " ingredient agent number numbers present missing"
)

_OPAQUE = pattern(r"[A-Za-z0-9+/=_~-]{16,}")
_UUID = pattern(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PLACEHOLDER = pattern(
    r"(?i)^(?:[*•x.\-_#?]+|<.*>|\$\{?.*|%\(?.*|\{.*|(?:your|insert|enter|put|add|replace|dummy|fake|placeholder)(?:[\W_].*)?|change_?me"
    r"|none|null|true|false|redacted|example|todo|missing|unknown|optional|required|n/a|\.\.\.|…|sk-(?:\.+|x+|…)|\[secret.*|\[hidden.*"
    # A name where a value is expected: `os.environ[secret]`, `rename(pwd="password")`.
    r"|password|passwd|pwd|secret|token|api[_-]?key|username|user|email|(?-i:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|PASSWORD|SECRET|PASS|PWD)))$"
)


def telling(name: str) -> Telling:
    """How sure it is that a variable, key or column called `name` holds a secret."""
    words = [word.lower() for word in _WORD.findall(name[-200:])]
    best = Telling.NOTHING
    for at, word in enumerate(words):
        found = _word(words, at, word)
        if not found or (at and words[at - 1] in _HARMLESS_BEFORE) or _HARMLESS_AFTER.intersection(words[at + 1 :]):
            continue
        best = max(best, found)
    return best


def _word(words: list[str], at: int, word: str) -> Telling:
    before = words[at - 1] if at else ""
    if word in _SURE or word.endswith(_SURE_ENDS) or (before, word) in _PAIRS:
        return Telling.SURELY
    if word in {"key", "keys"} and (before in _BEFORE_KEY or before.endswith("api")):
        return Telling.SURELY
    if word in {"token", "tokens"} and (before in _BEFORE_TOKEN or before.endswith("api")):
        return Telling.SURELY
    if word in _LIKELY or (before, word) in _LIKELY_PAIRS or (word in _LIKELY_LAST and at == len(words) - 1):
        return Telling.LIKELY
    return Telling.NOTHING


def is_secret_name(name: str) -> bool:
    """Whether a variable, key or column of that name surely holds a secret, so that its values are not shown at all."""
    return telling(name) is Telling.SURELY


def guards(name: str, value: str) -> bool:
    """Whether `value` is a secret, seeing that it is called `name`."""
    if len(value) < 3 or is_placeholder(value):
        return False
    sure = telling(name)
    if sure is not Telling.LIKELY:
        return bool(sure)
    last = _WORD.findall(name[-40:])[-1:]
    return looks_random(value) or (last[0].lower() in _LIKELY_LAST and _looks_chosen(value))


def guarded(name: str, redact: Callable[[str], str]) -> Callable[[str], str]:
    """`redact` for values that are called `name`."""
    return (lambda text: "…" if guards(name, text) else redact(text)) if telling(name) else redact


def is_placeholder(value: str) -> bool:
    """Whether `value` only stands where a secret would."""
    return _PLACEHOLDER.match(value) is not None


def looks_random(value: str) -> bool:
    """Whether `value` looks made by a machine to be unguessable: long, unbroken, letters and digits in disorder.

    A UUID does not count: far more of them name rows than open doors.
    """
    if not _OPAQUE.fullmatch(value) or _UUID.fullmatch(value):
        return False
    chunks = re.split(r"[-+/=_~]", value)
    if len(max(chunks, key=len)) < 10:
        return False
    size = sum(map(len, chunks))
    kinds = (["d" if char.isdigit() else "u" if char.isupper() else "l" for char in chunk] for chunk in chunks)
    changes = [pair for kind in kinds for pair in pairwise(kind) if pair[0] != pair[1]]
    if len(changes) < size / 5:
        return False
    # Words have vowels; what is drawn from letters alone has few.
    return sum("d" in pair for pair in changes) >= 3 or len(re.findall("(?i)[aeiou]", value)) < 0.3 * size


def _looks_chosen(value: str) -> bool:
    """Whether `value` looks like a chosen password: letters, with digits, marks or both cases among them."""
    return (
        6 <= len(value) <= 200
        and not re.search(r"\s", value)
        and any(map(str.isalpha, value))
        and not (value.islower() and value.isalpha())
        and not (value.istitle() and value.isalpha())
    )


def is_distinctive(value: str) -> bool:
    """Whether `value` can be looked for in any text without hitting what is none of it."""
    text = value.strip()
    return (
        len(text) >= 6 and not is_placeholder(text) and not text.isdigit() and (len(text) >= 12 or _looks_chosen(text))
    )
