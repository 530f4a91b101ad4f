"""Secrets found by shape, by name and by value, and replaced by markers.

Promise: the same secret gets the same marker for as long as a `Redactor` lives, so that a conversation stays the same
from one question to the next. What was found by shape or by name is not kept, only its hash; the values that live
variables of telling names hold, and hidden ones (`CometMagics.hide`), are looked for wherever else they stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from ..core.key import Key
from ..core.pattern import pattern
from .hiding import HIDDEN, Hidden
from .secret_names import TELLING, guards, is_placeholder, looks_random, telling
from .secret_shapes import EMAIL, SHAPES
from .tables import replace_cells

__all__ = ["Redactor"]

_NAME = rf"(?P<name>(?<![^\W_])[\w.\-]{{0,60}}?(?:{TELLING})[\w\-]{{0,60}})"
# A string as Python or JSON writes it. Its quotes may be escaped: a printed list of lines, JSON within a string.
_QUOTED = (
    r"[rbuf]{0,2}(?P<quote>\"{3}|'{3}|`|\\{0,3}[\"'])"
    r"(?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\n\\])){1,4000})(?:(?P=quote)|$)"
)
_BETWEEN = r"\\{0,3}[\"']?\]?(?:[ \t]*(?::[ \t]*[\w.\[\]| ]{1,40}[ \t]*=|=>|<-|:=|[!=]=|[:=：＝])[ \t]*|>)"
_ASSIGNED = pattern(
    rf"(?i){_NAME}(?P<between>{_BETWEEN})"
    rf"(?:\(?[ \t]*{_QUOTED}|(?P<bare>[^\s\"',;)\[({{\]}}\\<&][^\s\"',;)\]}}\\<&]{{3,400}}))",
    re.MULTILINE,
)
_LISTED = pattern(rf"(?i){_NAME}\\{{0,3}}[\"']?\]?[ \t]*[:=][ \t]*(?P<many>[\[({{][^\])}}]{{0,4000}})")
# The value on the next line: of a dict as a formatter writes it, and in parentheses.
_BELOW = pattern(rf"(?i)[\"']{_NAME}[\"']\]?[ \t]*[:=][ \t]*\(?[ \t]*\r?\n\s*{_QUOTED}", re.MULTILINE)
# Name and value as two arguments of one call.
_ARGUMENTS = pattern(
    r"(?i)\b(?P<call>set\w*|put\w*|get\w*|add\w*|append|pop|environ\.\w+)\([^()\n]{0,80}?"
    rf"[\"']{_NAME}[\"'][ \t]*,[ \t]*{_QUOTED}",
    re.MULTILINE,
)
_OPTION = pattern(
    rf"(?i)(?<=\s)--?(?P<name>[\w-]*(?:{TELLING})[\w-]*)(?P<between>[ =]+)[\"']?(?P<bare>[^\s\"']{{4,200}})"
)
_SAID = pattern(
    r"(?i)\b(?P<name>pass(?:word|phrase|code)|passwort|kennwort|mot de passe|contraseña)\s+"
    r"(?:is|was|ist|lautet|est|es)\s*:?\s*[\"'`]?"
    r"(?P<bare>(?=[^\s\"'`]*[\d!#$%^&*])[^\s\"'`]{6,80}?)(?=[.,;:!?]?(?:[\s\"'`]|$))"
)
# What takes a key as its only or its second argument.
_CALL = pattern(
    r"(?i)\b\w*(?:client|log_?in|api|auth\w*|fernet|connect\w*|session|token|configure)\((?:\s*[\"'][^\"'\n]{0,80}[\"']\s*,)?\s*"
    r"(?:key\s*=\s*)?[rb]?[\"'](?P<bare>[A-Za-z0-9+/=_-]{20,200})[\"']"
)
_QUERY = pattern(r"(?i)[?&](?P<name>[\w.-]{1,40})=(?P<bare>[^&\s\"'<>#]{8,400})")
_WORD = pattern(rf"(?i){TELLING}")
_TYPE_NAME = pattern(
    r"^(?:str|bytes|int|float|bool|object|Any|None|Optional|Union|SecretStr|Literal|list|dict|tuple|set|string|number|boolean|category|nullable|required)\b"
)
_IN_MANY = pattern(r"(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote))[^\\]){3,400})(?P=quote)")
_TOKEN = pattern(r"\w+|[^\w\s]")


class Redactor:
    """Replaces secrets and hidden values; one for each conversation.

    `emails` says whether e-mail addresses count; `key` is the key in use, which needs no shape to be found; `hidden`
    are the names whose values are kept out. `found` maps each marker to how often it was put into a text.
    """

    def __init__(self, *, emails: bool = True) -> None:
        self.emails = emails
        self.key: Key | None = None
        self.hidden = Hidden()
        self.found: dict[str, int] = {}
        self._markers: dict[bytes, str] = {}
        # By the first word of a value: the values and their kinds, the longest first.
        self._known: dict[str, list[tuple[str, str]]] = {}

    def hide_values(self, values: Iterable[str]) -> None:
        """Keep these texts (of hidden variables and columns) out of everything from now on.

        Texts under 3 characters, and numbers under 4 digits, stand in too many harmless places to be looked for.
        """
        for value in map(str.strip, values):
            enough = 4 if value.replace(".", "", 1).replace("-", "", 1).isdigit() else 3
            if len(value) >= enough:
                self._know(value, "")

    def know_secrets(self, secrets: Iterable[tuple[str, str]]) -> None:
        """Replace these texts, each given with the name that tells of it, wherever they stand from now on."""
        for name, value in secrets:
            self._know(value.strip(), _kind(name))

    def redact(self, text: str) -> str:
        """`text` with every secret replaced by its marker."""
        if self.key is not None and (own := self.key.reveal()) in text:
            text = text.replace(own, self._marker("API key", own))
        for kind, hint, shape in SHAPES:
            if hint in text:
                text = shape.sub(self._replacer(kind), text)
        if "?" in text:
            text = _QUERY.sub(self._guarded, text)
        if _WORD.search(text):
            text = self._by_name(text)
        if "(" in text:
            text = _CALL.sub(lambda match: self._put(match, "bare", "key", sure=looks_random(match["bare"])), text)
        if self.emails and ("@" in text or "%40" in text):
            text = EMAIL.sub(lambda match: self._marker("e-mail", match.group()), text)
        if self.hidden.patterns:
            text = self.hidden.without_values(text)
        return self._without_known(text) if self._known else text

    def _by_name(self, text: str) -> str:
        if "\n" in text:
            text = replace_cells(text, _WORD, telling, guards, lambda name, value: self._marker(_kind(name), value))
            text = _BELOW.sub(self._guarded, text)
        text = self._listed(_ASSIGNED.sub(self._assigned, text))
        text = _ARGUMENTS.sub(self._argument, text)
        text = _OPTION.sub(self._guarded, text)
        return _SAID.sub(self._guarded, text)

    def _replacer(self, kind: str) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            if not match.re.groups or match.group(1) is None:
                return self._marker(kind, match.group())
            if is_placeholder(match.group(1)):
                return match.group()
            start, end = match.start(1) - match.start(), match.end(1) - match.start()
            whole = match.group()
            return whole[:start] + self._marker(kind, match.group(1)) + whole[end:]

        return replace

    def _assigned(self, match: re.Match[str]) -> str:
        groups = match.groupdict()
        name, whole = _without_escape(match), match.group()
        if not telling(name):
            return whole
        if groups["quoted"] is not None:
            return self._put(match, "quoted", _kind(name), sure=guards(name, groups["quoted"]))
        before = match.string[match.start() - 1 : match.start()]
        given = _is_value(name, groups["between"], groups["bare"], before)
        return self._put(match, "bare", _kind(name), sure=given and guards(name, groups["bare"]))

    def _listed(self, text: str) -> str:
        """Each string of a list, tuple, set or dict that stands behind a telling name."""
        pieces, done = [], 0
        while match := _LISTED.search(text, done):
            start, end = match.span("many")
            name = match["name"]
            if telling(name):
                inside = _IN_MANY.sub(lambda inner, name=name: self._within(inner, name), match["many"])
                pieces += [text[done:start], inside]
                done = end
            else:  # a dict may hold a telling name further in
                pieces.append(text[done : start + 1])
                done = start + 1
        return "".join([*pieces, text[done:]])

    def _guarded(self, match: re.Match[str]) -> str:
        group = "quoted" if match.groupdict().get("quoted") is not None else "bare"
        return self._put(match, group, _kind(match["name"]), sure=guards(match["name"], match[group]))

    def _argument(self, match: re.Match[str]) -> str:
        name, value = match["name"], match["quoted"]
        # `row.get("password", "none given")`: what a getter falls back to is mostly a word.
        default = match["call"].lower().startswith(("get", "pop")) and value.replace(" ", "").isalpha()
        return self._put(match, "quoted", _kind(name), sure=guards(name, value) and not (default and value.islower()))

    def _within(self, match: re.Match[str], name: str) -> str:
        text = match.group("text")
        if not guards(name, text) or telling(text):
            return match.group()
        return match.group("quote") + self._marker(_kind(name), text) + match.group("quote")

    def _put(self, match: re.Match[str], group: str, kind: str, *, sure: bool) -> str:
        value, whole = match.group(group), match.group()
        if not sure or _TYPE_NAME.fullmatch(value) or is_placeholder(value):
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

    def _know(self, value: str, kind: str) -> None:
        first = _TOKEN.match(value)
        if first is None:
            return
        known = self._known.setdefault(first.group(), [])
        if (value, kind) not in known:
            known.append((value, kind))
            known.sort(key=lambda entry: (-len(entry[0]), entry[1]))

    def _without_known(self, text: str) -> str:
        pieces, done = [], 0
        for match in _TOKEN.finditer(text):
            if match.start() < done:
                continue
            for value, kind in self._known.get(match.group(), ()):
                if text.startswith(value, match.start()):
                    marker = self._marker(kind, value) if kind else HIDDEN
                    pieces += [text[done : match.start()], marker]
                    done = match.start() + len(value)
                    if not kind:
                        self.found[marker] = self.found.get(marker, 0) + 1
                    break
        return "".join([*pieces, text[done:]])


def _kind(name: str) -> str:
    """The marker's word for what stands behind `name`."""
    if re.search(r"(?i)pass|pwd|pw$", name):
        return "password"
    return "key" if "key" in name.lower() else "token" if "token" in name.lower() else "secret"


def _without_escape(match: re.Match[str]) -> str:
    """The name; its first letter may belong to an escaped line end or tab."""
    name = match["name"]
    escaped = match.start() and match.string[match.start() - 1] == "\\" and name[0] in "ntr"
    return name[1:] if escaped else name


def _is_value(name: str, between: str, bare: str, before: str) -> bool:
    """Whether unquoted `bare` after a telling name is a value, and not code that fetches one."""
    if is_placeholder(bare) or _TYPE_NAME.match(bare):
        return False
    if before in {"?", "&", ";", "-"} or ">" in between:
        return True
    if any(mark in bare for mark in "()[]{}") or re.match(r"[A-Za-z_]\w*\.[A-Za-z_]", bare):
        return False
    if re.search(r"(?i)tokens?$", name) and bare.replace(",", "").replace(".", "").isdigit():
        return False
    if bare.isidentifier() and not re.search(r"\d", bare):
        spaced = between != between.strip() and "=" in between
        # `PASSWORD=correcthorse` in an environment, `password: correcthorse` in a file; but `password=pw` is code.
        return not spaced and (name.isupper() or ":" in between or "：" in between) and bare.lower() != name.lower()
    return True
