"""Secrets found by shape and by name, and replaced by markers.

Promise: the same secret gets the same marker for as long as a `Redactor` lives, so that a conversation stays the same
from one question to the next; a secret itself is not kept, only its hash. Shapes are those which the issuers publish;
names are what people call such things (`password`, `API_TOKEN`, …). Hidden values (`CometMagics.hide`) go the same way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from ..core.key import Key

__all__ = ["Hidden", "Redactor", "is_secret_name"]

# A word begins here; also right after an escaped line end, as in the repr of a text.
_START = r"(?:(?<![A-Za-z0-9_])|(?<=\\[ntr]))"
# (kind, a literal that every match contains, the shape). The literal spares the search in nearly every text.
_SHAPES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, hint, re.compile(re.sub(r"^\\b", lambda _: _START, shape)))
    for kind, hint, shape in (
        (
            "private key",
            "PRIVATE KEY",
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?"
            r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
            r"|(?:[A-Za-z0-9+/=]{20,}\s+)+-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
        ),
        ("API key", "sk-", r"\bsk-(?:proj-|ant-|or-v1-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}"),
        ("API key", "sk_", r"\b[srp]k_(?:live|test)_[A-Za-z0-9]{10,}"),
        ("API key", "rk_", r"\brk_(?:live|test)_[A-Za-z0-9]{10,}"),
        ("webhook secret", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{16,}"),
        ("AWS key", "A", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
        ("GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
        ("GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
        ("GitLab token", "gl", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_-]{18,}"),
        ("Slack token", "x", r"\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10,}"),
        ("webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{16,}"),
        ("webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"),
        ("webhook", "webhook.office.com", r"webhook\.office\.com/webhookb2/[\w@/-]{20,}"),
        ("bot token", ".", r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}"),
        ("bot token", ":AA", r"\b\d{8,10}:AA[A-Za-z0-9_-]{32,}"),
        ("Google key", "AIza", r"\bAIza[A-Za-z0-9_-]{35}"),
        ("Google token", "ya29.", r"\bya29\.[A-Za-z0-9_-]{20,}"),
        ("Google token", "1//0", r"\b1//0[A-Za-z0-9_-]{30,}"),
        ("client secret", "GOCSPX-", r"\bGOCSPX-[A-Za-z0-9_-]{20,}"),
        ("Twilio key", "S", r"\bSK[0-9a-f]{32}\b"),
        ("SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("Mailgun key", "key-", r"\bkey-[0-9a-f]{32}\b"),
        ("npm token", "npm_", r"\bnpm_[A-Za-z0-9]{30,}"),
        ("PyPI token", "pypi-", r"\bpypi-[A-Za-z0-9_-]{40,}"),
        ("Hugging Face token", "hf_", r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}"),
        ("JWT", "eyJ", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
        ("account key", "Key=", r"(?<=AccountKey=)[A-Za-z0-9+/=]{20,}|(?<=AccessKey=)[A-Za-z0-9+/=]{20,}"),
        ("signature", "sig", r"(?<=[?&]sig=)[A-Za-z0-9%+/=]{20,}|(?<=Signature=)[A-Za-z0-9%+/=_-]{20,}"),
        ("Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
        ("DigitalOcean token", "do", r"\bdo[opr]_v1_[0-9a-f]{40,}"),
        ("Shopify token", "shp", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
        ("Vault token", "hv", r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
        ("Docker token", "dckr_", r"\bdckr_[op]at_[A-Za-z0-9_-]{20,}"),
        ("API key", "NRAK-", r"\bNRAK-[A-Z0-9]{20,}"),
        ("API key", "_", r"\b(?:gsk|r8|fw|tvly|lsv2_pt|lsv2_sk|nvapi|phc|phx|wandb_v1)[_-][A-Za-z0-9_-]{24,}"),
        ("API key", "-", r"\b(?:xai|pplx|nvapi|tvly|HRKU|PMAK|sq0atp|sq0csp|EAAA)-[A-Za-z0-9_-]{20,}"),
        ("API key", "lin_api_", r"\blin_api_[A-Za-z0-9]{30,}"),
        ("API key", "_", r"\b(?:ntn|secret)_[A-Za-z0-9]{40,}"),
        ("Grafana token", "gl", r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{30,}"),
        ("Sentry token", "sntry", r"\bsntry[su]_[A-Za-z0-9+/=_]{30,}"),
        ("age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
        (
            "authorization",
            "uthorization",
            r"(?i)(?<=authorization)[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token|digest)\s+([^\s\"',}]{8,})",
        ),
        ("bearer token", "earer ", r"(?i)\bbearer\s+([A-Za-z0-9._~+/-]{20,}=*)"),
        ("password", "://", r"(?<=://)[^\s/:@'\"<>]*:([^\s/@'\"<>]{1,200})(?=@[\w.\[-])"),
        ("password", " -u", r"(?<=\s-u)\s?[\"']?[^\s:\"']+:([^\s\"']{3,})"),
        ("password", "sshpass", r"\bsshpass\s+-p\s*[\"']?([^\s\"']{3,})"),
    )
)
_EMAIL = re.compile(
    r"(?<![\w.+/@-])(?!git@)[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+(?!png|jpe?g|gif|svg|webp|py\b)[A-Za-z]{2,24}\b"
)

_TELLING = (
    r"pass(?:word|wd|phrase|code)s?|pwd|secrets?|(?:api|access|auth|private|signing|encryption|secret|account|master|subscription)"
    r"[_\- ]?keys?|apikeys?|tokens?|credentials?|client[_-]?secret|conn(?:ection)?[_-]?str(?:ing)?|bearer"
)
# What makes a name with such a word harmless: how many, how long, of which kind, where to find it.
_HARMLESS = re.compile(
    r"(?i)(?:max|min|num|n|total|input|output|cached|reasoning|completion|prompt|special|pad|eos|bos|unk|sep|cls|mask|next|stop|"
    r"context|used|avg|mean|per|word|sub|sentence|csrf_?exempt|is|has|use|show|no|without|require|reset|forgot)[_-]?(?:passwords?|secrets?|tokens?|keys?)\b"
    r"|(?:token|password|passwd|pwd|secret|key|credential)s?[_-]?(?:iz\w*|count|len|length|limit|type|kind|field|hash|policy|min|max|id|ids|name|names|"
    r"col|column|file|path|url|uri|env|var|strength|score|index|idx|embedding|usage|budget|expires?|expiry|expiration|age|ttl|size|per\w*|s_per\w*|class|scheme|manager|store|rotation|reset|used|left|changed|frequency|set|list_url)\w*"
)
_NAME = rf"(?P<name>(?<![A-Za-z0-9])[\w.\-]{{0,60}}?(?:{_TELLING})[\w\-]{{0,60}})"
# Quotes may be escaped: a printed list of lines, JSON within a string.
_ASSIGNED = re.compile(
    rf"(?i){_NAME}(?P<between>\\{{0,3}}[\"']?\]?[ \t]*(?::[ \t]*[\w.\[\]| ]{{1,40}}[ \t]*=|=>|:=|[:=])[ \t]*)"
    r"(?:[rbuf]{0,2}(?P<quote>\"{3}|'{3}|\\{0,3}[\"'])"
    r"(?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\n\\])){1,4000})(?:(?P=quote)|$)"
    r"|(?P<many>[\[({][^\])}]{0,4000})"
    r"|(?P<bare>[^\s\"',;)\]}\\]{4,400}))",
    re.MULTILINE,
)
_OPTION = re.compile(
    rf"(?i)(?<=\s)--?(?P<name>[\w-]*(?:{_TELLING}))(?P<between>[ =]+)[\"']?(?P<bare>[^\s\"']{{4,200}})"
)
_WORD = re.compile(rf"(?i){_TELLING}")
_PLACEHOLDER = re.compile(
    r"(?i)^(?:[*•x.\-_#]+|<.*>|\$\{?.*|%\(?.*|\{.*|your\b.*|changeme|none|null|true|false|redacted|example|todo|\.\.\.|…|\[secret.*|\[hidden.*)$"
)
_TYPE_NAME = re.compile(
    r"^(?:str|bytes|int|float|bool|object|Any|None|Optional|Union|SecretStr|Literal|list|dict|tuple|set|string|number|boolean|category|nullable|required)\b"
)
_IN_MANY = re.compile(r"(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote))[^\\]){3,400})(?P=quote)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_secret_name(name: str) -> bool:
    """Whether a variable, key or column of that name is likely to hold a secret."""
    name = _CAMEL.sub("_", name)
    parts = re.sub(r"[_\-.\s]+", "_", name)
    # COMETAPI_KEY and OPENAI_API_KEY alike: `apikey` tells also within a word.
    telling = re.search(rf"(?i)(?:(?:^|_|\b)(?:{_TELLING})|api_?key)(?:_|$|\b)", parts)
    return telling is not None and not _HARMLESS.search(parts)


class Hidden:
    """Which names are kept out entirely: `patient_*` for variables and columns, `df.ssn` for one column."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self.patterns = tuple(pattern.strip() for pattern in patterns if pattern.strip())

    def name(self, name: str) -> bool:
        """Whether the variable `name` is hidden."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)

    def column(self, frame: str, column: str) -> bool:
        """Whether `column` of the frame called `frame` is hidden; `frame` may be empty if it has no name."""
        return any(
            fnmatchcase(column, pattern) or fnmatchcase(f"{frame}.{column}", pattern) for pattern in self.patterns
        )

    def mentions(self, text: str) -> bool:
        """Whether one of the hidden names stands in `text` as a word."""
        return any(pattern.search(text) for pattern in self._words())

    def _words(self) -> list[re.Pattern[str]]:
        words = []
        for pattern in self.patterns:
            last = pattern.rsplit(".", 1)[-1]
            shape = "".join(r"\w*" if char == "*" else r"\w" if char == "?" else re.escape(char) for char in last)
            if last.strip("*?"):
                words.append(re.compile(rf"(?<!\w){shape}(?!\w)"))
        return words


class Redactor:
    """Replaces secrets and hidden values; one for each conversation.

    `emails` says whether e-mail addresses count; `key` is the key in use, which needs no
    shape to be found. `found` maps each marker to how often it was put into a text.
    """

    def __init__(self, *, emails: bool = True) -> None:
        self.emails = emails
        self.key: Key | None = None
        self.found: dict[str, int] = {}
        self._markers: dict[bytes, str] = {}
        self._hidden: dict[str, list[str]] = {}

    def hide_values(self, values: Iterable[str]) -> None:
        """Keep these texts (of hidden variables and columns) out of everything from now on.

        Texts under 3 characters, and numbers under 4 digits, stand in too many harmless places to be looked for.
        """
        for value in map(str.strip, values):
            enough = 4 if value.replace(".", "", 1).replace("-", "", 1).isdigit() else 3
            first = _TOKEN.search(value)
            if len(value) >= enough and first is not None and first.start() == 0:
                known = self._hidden.setdefault(first.group(), [])
                if value not in known:
                    known.append(value)
                    known.sort(key=len, reverse=True)

    def redact(self, text: str) -> str:
        """`text` with every secret replaced by its marker."""
        if self.key is not None and (own := self.key.reveal()) in text:
            text = text.replace(own, self._marker("API key", own))
        for kind, hint, shape in _SHAPES:
            if hint in text:
                text = shape.sub(self._replacer(kind), text)
        if _WORD.search(text):
            text = _ASSIGNED.sub(self._assigned, text)
            text = _OPTION.sub(self._assigned, text)
        if self.emails and "@" in text:
            text = _EMAIL.sub(lambda match: self._marker("e-mail", match.group()), text)
        return self._without_hidden(text) if self._hidden else text

    def _replacer(self, kind: str) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            if not match.re.groups or match.group(1) is None:
                return self._marker(kind, match.group())
            if _PLACEHOLDER.match(match.group(1)):
                return match.group()
            start, end = match.start(1) - match.start(), match.end(1) - match.start()
            whole = match.group()
            return whole[:start] + self._marker(kind, match.group(1)) + whole[end:]

        return replace

    def _assigned(self, match: re.Match[str]) -> str:
        groups = match.groupdict()
        name, whole = groups["name"], match.group()
        if match.start() and match.string[match.start() - 1] == "\\" and name[0] in "ntr":
            name = name[1:]  # the letter belongs to an escaped line end or tab
        if not is_secret_name(name):
            return whole
        kind = "password" if re.search(r"(?i)pass|pwd", name) else "secret" if "key" not in name.lower() else "key"
        if groups.get("quoted"):
            return self._put(match, "quoted", kind)
        if groups.get("many"):
            offset = match.start("many") - match.start()
            cleaned = _IN_MANY.sub(lambda inner: self._within(inner, kind), groups["many"])
            return whole[:offset] + cleaned
        if _is_value(name, groups["between"], groups["bare"]):
            return self._put(match, "bare", kind)
        return whole

    def _within(self, match: re.Match[str], kind: str) -> str:
        text = match.group("text")
        if _PLACEHOLDER.match(text) or is_secret_name(text):
            return match.group()
        return match.group("quote") + self._marker(kind, text) + match.group("quote")

    def _put(self, match: re.Match[str], group: str, kind: str) -> str:
        value, whole = match.group(group), match.group()
        if len(value) < 3 or _PLACEHOLDER.match(value) or _TYPE_NAME.fullmatch(value):
            return whole
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return whole[:start] + self._marker(kind, value) + whole[end:]

    def _marker(self, kind: str, value: str) -> str:
        digest = hashlib.sha256(value.encode("utf-8", "replace")).digest()
        marker = self._markers.get(digest)
        if marker is None:
            marker = self._markers[digest] = f"[secret {len(self._markers) + 1}: {kind}]"
        self.found[marker] = self.found.get(marker, 0) + 1
        return marker

    def _without_hidden(self, text: str) -> str:
        pieces, done = [], 0
        for match in _TOKEN.finditer(text):
            if match.start() < done:
                continue
            for value in self._hidden.get(match.group(), ()):
                if text.startswith(value, match.start()):
                    pieces += [text[done : match.start()], "[hidden]"]
                    done = match.start() + len(value)
                    self.found["[hidden]"] = self.found.get("[hidden]", 0) + 1
                    break
        return "".join([*pieces, text[done:]])


_TOKEN = re.compile(r"\w+|[^\w\s]")


def _is_value(name: str, between: str, bare: str) -> bool:
    """Whether unquoted `bare` after a telling name is a value, and not code that fetches one."""
    if _PLACEHOLDER.match(bare) or _TYPE_NAME.match(bare):
        return False
    if any(mark in bare for mark in "()[]{}") or re.match(r"[A-Za-z_]\w*\.[A-Za-z_]", bare):
        return False
    if re.search(r"(?i)tokens$", name) and bare.replace(",", "").replace(".", "").isdigit():
        return False
    if bare.isidentifier() and not re.search(r"\d", bare):
        spaced = between != between.strip() and "=" in between
        # `PASSWORD=correcthorse` in an environment, `password: correcthorse` in a file; but `password=pw` is code.
        return not spaced and (name.isupper() or ":" in between) and bare.lower() != name.lower()
    return True
