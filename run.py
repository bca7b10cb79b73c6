"""Set the project up and start it: ``python run.py demo``, ``python run.py test``, ``python run.py check``.

Needs nothing but Python and pip: makes ``.venv`` beside this file (or where ``RESTORATION_VENV`` says), installs into it what
``requirements/*.lock`` pins, from wherever pip is set up to look, and runs the command there. The second time it starts at once.
"""

# This file must parse on any Python 3.6 and later, so that an old one is told so: no `from __future__ import annotations` here.
import hashlib
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 13)  # fiona has ready-made builds up to here

if sys.version_info < OLDEST:
    sys.exit(
        "需要 Python 3.11 或更高版本，现在是 {0}.{1}。请安装 Python 3.13 后再试。\n"
        "Python 3.11 or later is needed, this is {0}.{1}. Install Python 3.13 and try again.".format(*sys.version_info)
    )

ROOT = Path(__file__).resolve().parent
LOCKS = {level: ROOT / "requirements" / f"{level}.lock" for level in ("core", "dev")}
STAMP = "restoration-setup.json"
USAGE = """\
python run.py demo [文件夹]      生成示例项目和离线地图 / make the sample project and its offline map [in a folder]
python run.py test [pytest 参数] 运行全部测试 / run all tests [options of pytest]
python run.py check             检查代码、类型、分层和笔记本 / check style, types, floors and notebooks"""


def main(arguments: list[str]) -> int:
    """Run one command; gives its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    commands = {"demo": demo, "test": test, "check": check}
    if not arguments or arguments[0] not in commands:
        print(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    better = _better_python()
    if better:
        return _call([better, ROOT / "run.py", *arguments])
    return commands[arguments[0]](arguments[1:])


def demo(arguments: list[str]) -> int:
    """Start ``restoration demo`` with what it needs and no more."""
    return _call([environment("core"), "-m", "restoration", "demo", *arguments])


def test(arguments: list[str]) -> int:
    """Run the whole test suite, with a browser."""
    python = environment("dev")
    _require_browser(python)
    alone = any(word.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for word in arguments)
    return _call([python, "-m", "pytest", *([] if alone else ["-n", "auto"]), *arguments], folder=ROOT)


def check(arguments: list[str]) -> int:
    """Run everything that judges the code without running its tests; 1 if any of it complains."""
    if arguments:
        print(USAGE)
        return 2
    python = environment("dev")
    judges = [
        ("代码风格", "style", ["-m", "ruff", "check", "."]),
        ("代码格式", "format", ["-m", "ruff", "format", "--check", "."]),
        ("类型", "types", ["-m", "mypy"]),
        ("分层", "floors", ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"]),
        ("笔记本", "notebooks", [str(ROOT / "tests" / "notebooks.py")]),
    ]
    failed = []
    for zh, en, command in judges:
        _say(f"检查{zh}", f"checking {en}")
        if _call([python, "-X", "utf8", *command], folder=ROOT):
            failed.append((zh, en))
    if failed:
        _say("未通过：" + "、".join(zh for zh, _ in failed), "not passed: " + ", ".join(en for _, en in failed))
        return 1
    _say("检查全部通过", "all checks passed")
    return 0


def environment(level: str) -> Path:
    """The Python of the virtual environment, with everything installed that the lock of this level pins."""
    folder = Path(os.environ.get("RESTORATION_VENV") or ROOT / ".venv").expanduser().resolve()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = {"state": "ready", "level": level, "fingerprint": _fingerprint()}
    stamp = _stamp_of(folder)
    sound = _works(python) and stamp.get("state") != "making"
    if sound and (stamp == wanted or stamp == {**wanted, "level": "dev"}):
        return python
    if not sound or not _pip(python):
        _make(folder, python, ours=bool(stamp) or folder == ROOT / ".venv")
    if stamp.get("level") == "dev":
        wanted["level"] = level = "dev"
    _write_stamp(folder, {"state": "making"})
    _install(folder, python, level)
    _write_stamp(folder, wanted)
    return python


def _fingerprint() -> str:
    parts = [path.read_bytes() for path in (ROOT / "pyproject.toml", *LOCKS.values())]
    return hashlib.sha256(b"\0".join([*parts, str(ROOT).encode(), sys.version.encode()])).hexdigest()


def _stamp_of(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / STAMP).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return {"state": "making"}


def _write_stamp(folder: Path, stamp: dict[str, str]) -> None:
    (folder / STAMP).write_text(json.dumps(stamp), encoding="utf-8")


def _works(python: Path) -> bool:
    """Whether the environment's Python starts and is of our version: its base may be gone, or it may be half made."""
    return python.exists() and _answer([python, "-c", "import sys; print(*sys.version_info[:2])"]) == "{} {}".format(*sys.version_info)


def _make(folder: Path, python: Path, *, ours: bool) -> None:
    if folder.exists() and not ours and (not folder.is_dir() or any(folder.iterdir())):
        _fail(
            f"{folder} 里已有别的内容，不会动它。请改用空文件夹。",
            f"{folder} holds something else and is left alone. Name an empty folder.",
        )
    _say(f"建立虚拟环境 {folder}", f"making the virtual environment {folder}")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    _write_stamp(folder, {"state": "making"})
    if _venv(folder, python) or _venv(folder, python, "--without-pip"):
        return
    package = "python{}.{}-venv".format(*sys.version_info)
    if sys.base_prefix == "/usr" and _apt_install(package) and _venv(folder, python):
        return
    _fail(
        f"这个 Python 不能建立带 pip 的虚拟环境。Debian/Ubuntu 上请运行：apt-get install {package}（需要管理员权限）。",
        f"This Python cannot make a virtual environment with pip. On Debian or Ubuntu run: apt-get install {package} (as root).",
    )


def _venv(folder: Path, python: Path, *options: str) -> bool:
    return _answer([sys.executable, "-m", "venv", *options, folder]) is not None and bool(_pip(python))


def _pip(python: Path) -> list[str]:
    """The environment's own pip; else the system's, told where to install."""
    ways = ([str(python), "-m", "pip"], [sys.executable, "-m", "pip", "--python", str(python)])
    return next((way for way in ways if _answer([*way, "--version"])), [])


def _install(folder: Path, python: Path, level: str) -> None:
    _say("安装依赖（第一次需要几分钟）", "installing what is needed (the first time takes minutes)")
    install = [*_pip(python), "install", "--quiet"]
    hint = f"可用的 Python：3.11–3.13（现在 {sys.version_info[0]}.{sys.version_info[1]}）。请检查网络、pip 镜像设置，再试一次。"
    english = "Python 3.11 to 3.13 will do. Look at the network and at the mirror that pip is set to, then try again."
    if _call([*install, "--require-hashes", "-r", LOCKS[level]]):
        _fail(f"安装依赖失败，原因见上。{hint}", f"Installing failed, the reason stands above. {english}")
    if _call([*install, "--no-deps", "--no-build-isolation", "-e", ROOT]):
        _fail(f"安装本项目失败，原因见上。{hint}", f"Installing the project failed, the reason stands above. {english}")
    _make_path_relative(folder)


def _make_path_relative(folder: Path) -> None:
    """Windows' Python before 3.13 reads ``.pth`` files in the code page: a relative path keeps 中文 folders out of them."""
    for link in folder.glob("[Ll]ib/**/site-packages/_restoration.pth"):
        if link.drive == ROOT.drive:
            link.write_text(os.path.relpath(ROOT / "src", link.parent) + "\n", encoding="utf-8")


def _require_browser(python: Path) -> None:
    find_browser = runpy.run_path(str(ROOT / "tests" / "browser.py"))["find_browser"]

    def ready() -> bool:
        return bool(find_browser()) and _answer([python, "-m", "playwright", "--version"]) is not None

    if ready():
        return
    _say("测试用的浏览器不齐，现在安装", "the browser for the tests is not there or does not start: installing it")
    packages = ("chromium", "fonts-noto-cjk", "libatomic1")  # the last is what Playwright's driver needs of a bare Debian
    if not (_apt_install(*packages) and ready()) and not find_browser():
        _call([python, "-m", "playwright", "install", "chromium"])
    if not ready():
        _fail(
            "测试需要浏览器。请安装 Chrome、Edge 或 Chromium（或用 RESTORATION_BROWSER 指明）；极简的 Linux 还要 libatomic1。",
            "The tests need Chrome, Edge or Chromium (or RESTORATION_BROWSER names one); on a bare Linux libatomic1 too.",
        )


def _apt_install(*packages: str) -> bool:
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    _say(f"用 apt-get 安装 {' '.join(packages)}", f"apt-get installs {' '.join(packages)}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    return not _call(["apt-get", "update", "-qq"], quiet=True) and not _call(install, quiet=True)


def _better_python() -> str:
    """Another Python for which all ready-made builds exist, if this one is too new for them and there is one; else nothing."""
    if sys.version_info[:2] <= NEWEST:
        return ""
    minors = range(NEWEST[1], OLDEST[1] - 1, -1)
    ways = [way for minor in minors for way in (["py", f"-3.{minor}"], [f"python3.{minor}"])]
    return next(filter(None, (_answer([*way, "-c", "import sys; print(sys.executable)"]) for way in ways)), "")


def _answer(command: Sequence[str | Path]) -> str | None:
    """What a program prints; ``None`` if it cannot be started or fails."""
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, check=True, env=_surroundings(), stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode(errors="replace").strip()


def _call(command: Sequence[str | Path], *, folder: Path | None = None, quiet: bool = False) -> int:
    sys.stdout.flush()
    return subprocess.call(list(map(str, command)), cwd=folder, env=_surroundings(), stdout=subprocess.DEVNULL if quiet else None)


def _surroundings() -> dict[str, str]:
    """The environment variables without those that make Python or pip look away from the virtual environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _say(zh: str, en: str) -> None:
    print(f"» {zh} / {en}", flush=True)


def _fail(zh: str, en: str) -> None:
    sys.exit(f"{zh}\n{en}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
