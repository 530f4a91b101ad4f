"""What a cell would change or reach that its user may want to know before running it: quiet remarks, never a verdict.

Promise: this reads names only. It is no wall and finds no hidden intent; it says what is in plain sight.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..core.verdicts import Finding
from .namespace import Namespace
from .things import Thing

__all__ = ["find_dangers", "find_overwritten", "writes_files"]

_CALLS = {
    "deletes files": {"os.remove", "os.unlink", "os.rmdir", "os.removedirs", "shutil.rmtree"},
    "moves files": {"os.rename", "os.replace", "shutil.move"},
    "writes files": {
        "os.mkdir", "os.makedirs", "shutil.copy", "shutil.copyfile", "shutil.copytree", "np.save", "np.savez",
    },
    "runs a program": {
        "os.system", "os.popen", "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call",
        "subprocess.check_output", "os.execv", "os.execvp", "os.spawnv", "asyncio.create_subprocess_exec",
        "asyncio.create_subprocess_shell",
    },
    "uses the network": {
        "requests.get", "requests.post", "requests.put", "requests.delete", "requests.request", "requests.Session",
        "httpx.get", "httpx.post", "httpx.stream", "httpx.Client", "urllib.request.urlopen", "urlopen",
        "aiohttp.ClientSession",
        "urllib.request.urlretrieve", "socket.socket", "socket.create_connection", "smtplib.SMTP", "ftplib.FTP",
        "boto3.client", "boto3.resource", "paramiko.SSHClient", "wget.download",
    },
    "runs code from text": {"eval", "exec", "compile"},
    "reads credentials": {"getpass.getpass", "keyring.get_password", "dotenv.load_dotenv", "load_dotenv"},
    "ends the kernel": {"sys.exit", "exit", "quit", "os._exit", "os.abort"},
    "unpickles, which can run code": {"pickle.load", "pickle.loads", "pd.read_pickle", "joblib.load"},
}  # fmt: skip
_METHODS = {
    "deletes files": {"unlink", "rmdir"},
    "writes files": {
        "to_csv", "to_parquet", "to_excel", "to_json", "to_pickle", "to_feather", "to_hdf", "write_csv",
        "write_parquet",
        "write_text", "write_bytes", "savefig", "sink_parquet", "sink_csv", "to_sql",
    },
}  # fmt: skip
_FILE_MAKERS = ("writes files", "moves files", "runs a program", "uses the network")
_SECRET = re.compile(r"(?i)(api_?key|secret|token|passw|credential)|\.ssh/|\.aws/|\.netrc")
_SQL_CHANGES = re.compile(r"(?i)\s*(drop|delete|update|insert|truncate|alter|create|replace|copy|attach)\b")
_SHELL_DANGER = re.compile(r"(?<![\w-])(rm|dd|mkfs|shutdown|reboot|kill|curl|wget|sudo|chmod|chown|mv)(?![\w-])")


def find_dangers(tree: ast.AST) -> Iterator[Finding]:
    """Calls that delete, write, run programs, use the network or read credentials; one notice for each kind."""
    told: set[str] = set()
    for node in ast.walk(tree):
        for what, name in _seen(node):
            if what not in told:
                told.add(what)
                yield Finding("reach", f"{what} (`{name}`)", getattr(node, "lineno", 1), "notice")


def writes_files(tree: ast.AST, python: str) -> bool:
    """Whether files may come into being by the cell, or it asks which there are."""
    reached = any(one.message.startswith(_FILE_MAKERS) for one in find_dangers(tree))
    return reached or any(
        word in python for word in ("exists(", "is_file(", "mkdir", "chdir", "tempfile", "run_line_magic('cd")
    )


def _seen(node: ast.AST) -> Iterator[tuple[str, str]]:
    if (
        isinstance(node, ast.Subscript)
        and ast.unparse(node.value).endswith("environ")
        and _SECRET.search(ast.unparse(node.slice))
    ):
        yield "reads credentials", ast.unparse(node)
    if not isinstance(node, ast.Call):
        return
    called = ast.unparse(node.func) if isinstance(node.func, (ast.Name, ast.Attribute)) else ""
    for what, names in _CALLS.items():
        if called in names:
            yield what, called
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    first = node.args[0] if node.args else None
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    if method in ("execute", "executemany", "executescript", "sql", "query") and _SQL_CHANGES.match(text):
        yield "changes a database", f".{method}"
    for what, names in _METHODS.items():
        if method in names and not (method == "to_csv" and not node.args):
            yield what, f".{method}"
    if called == "open" and any(
        _is_write_mode(one) for one in [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "mode")]
    ):
        yield "writes files", "open"
    if called.endswith(("os.getenv", "environ.get")) and _SECRET.search(text):
        yield "reads credentials", called
    if method in ("system", "getoutput") and called.startswith("get_ipython"):
        found = _SHELL_DANGER.search(text)
        yield "runs a program", f"!{found[1] if found else text.split(' ')[0]}"


def _is_write_mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(set(node.value) & set("wax+"))


def find_overwritten(tree: ast.Module, namespace: Namespace, after: dict[str, Thing]) -> Iterator[Finding]:
    """Live frames that the cell replaces by something that does not come from them, and modules that it hides."""
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            value = namespace.values.get(target.id) if isinstance(target, ast.Name) else None
            if value is None or not isinstance(target, ast.Name):
                continue
            used = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
            if value.module and not after.get(target.id, Thing()).module:
                yield Finding("overwrites", f"`{target.id}` would no longer be the module", node.lineno, "warning")
            elif value.columns is not None and target.id not in used:
                size = f" ({value.size})" if value.size else ""
                yield Finding("overwrites", f"replaces your `{target.id}`{size}", node.lineno, "warning")
