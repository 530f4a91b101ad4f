"""What the user chose: `%config CometMagics.…`, ipython_config.py, and the environment.

Promise: everything is read when a call begins, so that a change takes effect at once; a wrong value is refused where it
is set, in one clear line; no variable but COMETAPI_KEY supplies a key, because an OpenAI key must never be sent to
another company's gateway.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from traitlets import Bool, Float, Int, List, TraitType, Unicode, validate
from traitlets.config import Configurable

from .core.errors import UsageError
from .core.key import Key
from .core.nearest import did_you_mean
from .core.settings import APIS, DEFAULT_BASE_URL, EFFORTS, INSERTS, SUMMARIES, VERBOSITIES, Settings
from .flags import Parsed
from .storage.home import home

__all__ = ["CometMagics", "base_url", "find_key", "forget_key", "home", "keep_key", "need_key"]

_KEYRING_SERVICE = "comet_magics"
_KEYRING_USER = "COMETAPI_KEY"


class _Choice(TraitType[Any, Any]):
    """One of a few words; `""` means "not said" where that is allowed."""

    def __init__(self, words: Sequence[str], default: str = "", **kwargs: Any) -> None:
        self.words = words
        self.optional = default == ""
        super().__init__(default, **kwargs)

    def validate(self, obj: Any, value: object) -> str:  # noqa: ARG002 - traitlets' signature
        if value in self.words or (self.optional and value in ("", None)):
            return str(value or "")
        raise UsageError(
            f"CometMagics.{self.name} can't be {value!r}.",
            remedy=f"{did_you_mean(str(value), self.words)} It takes {', '.join(self.words)}.",
        )


class CometMagics(Configurable):
    """Settings of `%%gpt`; each flag of the same name overrides one for a single call."""

    model = Unicode("gpt-5.1", help="The model that answers; `%gpt_models` lists them.").tag(config=True)
    effort = _Choice(EFFORTS, "none", help="How hard the model thinks: none, low, medium, high.").tag(config=True)
    api = _Choice(APIS, "auto", help="responses, chat, or auto: Responses where there is one.").tag(config=True)
    verbosity = _Choice(VERBOSITIES, help="How long answers may be: low, medium, high.").tag(config=True)
    summary = _Choice(SUMMARIES, help="Show a summary of the reasoning: auto, concise, detailed, none.").tag(
        config=True
    )
    instructions = Unicode("", help="Standing wishes for every answer: a text, or a text file's path.").tag(config=True)
    context = Unicode(
        "auto", help="What goes along with a question: auto, none, or some of cells,variables,frames,error,images."
    ).tag(config=True)
    context_tokens = Int(12_000, min=0, help="How many tokens may go along with one question.").tag(config=True)
    hide: List[str] = List(
        Unicode(), help="Names that are kept out entirely: patterns for variables and columns, or `df.column`."
    ).tag(config=True)
    redact_emails = Bool(True, help="Replace e-mail addresses as secrets are replaced.").tag(config=True)
    cache_retention = _Choice(
        ("24h", "in_memory", "none"), "24h", help="How long the provider may keep the prompt's beginning."
    ).tag(config=True)
    insert = _Choice(
        INSERTS, "ask", help="What becomes of an answer's code: ask (buttons), below (cells at once), none."
    ).tag(config=True)
    stats = Bool(True, help="Show the line of statistics under an answer.").tag(config=True)
    check = Bool(True, help="Check an answer's code against the live notebook.").tag(config=True)
    rehearse = Bool(True, help="Run an answer's code in a walled copy of the kernel first.").tag(config=True)
    repairs = Int(1, min=0, max=3, help="How often the model may correct code that fails: 0 to 3.").tag(config=True)
    budget = Float(0.0, min=0.0, help="Dollars that this session may spend; 0 is no limit.").tag(config=True)
    idle_timeout = Float(300.0, min=1.0, help="Seconds that a stream may be silent before it is given up.").tag(
        config=True
    )

    @validate("context")
    def _known_sources(self, proposal: dict[str, Any]) -> str:
        from .notebook.briefing import parse_sources

        if proposal["value"] != "auto":  # the default needs no check, and no import
            parse_sources(proposal["value"])
        return str(proposal["value"])

    def settings(self, flags: Parsed) -> Settings:
        """The choices for one call: the flags, else what is configured. Raises UsageError."""
        model = (flags.get("model") or self.model).strip()
        if not model:
            raise UsageError("No model is chosen.", remedy='Set CometMagics.model, for instance to "gpt-5.1".')
        effort = flags.get("effort")
        summary = flags.get("summary") or self.summary
        return Settings(
            model=model,
            effort=effort or _default_effort(self.effort, model),
            api=flags.get("api") or self.api,  # type: ignore[arg-type]  # checked where it was set
            verbosity=flags.get("verbosity") or self.verbosity or None,
            summary=None if summary in ("", "none") else summary,
            instructions=_instructions(self.instructions),
            cache_retention=None if self.cache_retention == "none" else self.cache_retention,
            insert=flags.get("insert") or self.insert,  # type: ignore[arg-type]  # checked where it was set
            stats=self.stats and not flags.has("no_stats"),
            idle_timeout=self.idle_timeout,
            check=self.check and not flags.has("no_check"),
            rehearse=self.rehearse and not flags.has("no_check"),
            repairs=0 if flags.has("no_check") else self.repairs,
            budget=self.budget,
        )


def _default_effort(effort: str, model: str) -> str | None:
    """What to say of effort when this call said nothing: many models reject the word `none`."""
    from .wire.models import known_efforts

    return effort if effort != "none" or "none" in known_efforts(model) else None


def _instructions(text: str) -> str:
    """The standing wishes themselves, read from the file if a file is named."""
    text = text.strip()
    if not text or "\n" in text:
        return text
    path = Path(text).expanduser()
    looks_like_file = path.suffix in (".md", ".txt") and " " not in text
    try:
        if looks_like_file or path.is_file():
            return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        if looks_like_file:
            raise UsageError(
                f"CometMagics.instructions names {text}, which can't be read: {getattr(exc, 'strerror', None) or exc}.",
                remedy="Write the file, or set CometMagics.instructions to a text.",
            ) from exc
    return text


def base_url() -> str:
    """Where requests go: COMETAPI_BASE_URL, else CometAPI. Without a slash at its end."""
    return (os.environ.get("COMETAPI_BASE_URL", "").strip() or DEFAULT_BASE_URL).rstrip("/")


_typed: Key | None = None


def find_key() -> Key | None:
    """The key: typed into this kernel, else COMETAPI_KEY, else the keyring's; None if there is none."""
    if _typed is not None:
        return _typed
    if value := os.environ.get("COMETAPI_KEY", "").strip():
        return Key(value, "COMETAPI_KEY")
    if value := _keyring("get_password", _KEYRING_SERVICE, _KEYRING_USER) or "":
        return Key(value, "the keyring")
    return None


def need_key() -> Key:
    """The key, or a UsageError that says how to give one."""
    key = find_key()
    if key is None:
        raise UsageError(
            "There is no CometAPI key.",
            remedy="Type it with %gpt_login, or set COMETAPI_KEY; without one, try `comet-magics demo` in a terminal.",
        )
    return key


def keep_key(value: str) -> bool:
    """Use `value` from now on in this kernel; return whether the keyring keeps it for good."""
    global _typed  # noqa: PLW0603 - one kernel, one key
    value = value.strip()
    if not value or any(character.isspace() or not character.isprintable() for character in value):
        raise UsageError("That is not a key: it is empty or has spaces in it.", remedy="Nothing was changed.")
    _typed = Key(value, "%gpt_login")
    return _keyring("set_password", _KEYRING_SERVICE, _KEYRING_USER, value) is not _FAILED


def forget_key() -> None:
    """Forget what was typed, here and in the keyring."""
    global _typed  # noqa: PLW0603 - one kernel, one key
    _typed = None
    _keyring("delete_password", _KEYRING_SERVICE, _KEYRING_USER)


_FAILED = ""


def _keyring(action: str, *args: str) -> str | None:
    """Ask the keyring, if one is installed and works; `_FAILED` if not."""
    if importlib.util.find_spec("keyring") is None:
        return _FAILED
    try:
        import keyring

        return getattr(keyring, action)(*args)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - its backends raise what they like, and a kernel without one is common
        return _FAILED
