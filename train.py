"""Trains the model, and only when something it is made from changed.

The file's name is a hash of what went in, so an unchanged project starts without training, a
changed one never starts with a stale model, and a continuous-integration cache may keep the
folder. ``python train.py`` does it; ``model_path`` tells where the model of today is.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOG = Path("logs/train.log")
KEPT_MODELS = 2
"""Today's and the one before, for the way back."""

INPUTS = (
    "config.yml",
    "domain.yml",
    "nlu/**/*",
    "stories/**/*",
    "schemes/data/*/scheme.yml",
    "requirements.txt",
)
"""The names of the schemes are kept in the model. The libraries count too: a model read by
another scikit-learn may answer otherwise."""

QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}
"""Rasa reports to nobody, and does not complain about its own libraries to our readers."""


def inputs(root: Path = ROOT) -> Iterator[Path]:
    """Every file a model is made from, in one order on every machine."""
    for pattern in INPUTS:
        found = (p for p in root.glob(pattern) if p.is_file())
        yield from sorted(p for p in found if "__pycache__" not in p.parts)


def fingerprint(root: Path = ROOT) -> str:
    """A short hash of the names and contents of the inputs."""
    digest = hashlib.sha256()
    for path in inputs(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(root: Path = ROOT) -> Path:
    """Where the model for the project as it stands is, or would be."""
    return root / "models" / f"{fingerprint(root)}.tar.gz"


def environment(root: Path = ROOT) -> dict[str, str]:
    """What Rasa needs around it: our components importable, its caches inside the folder."""
    cache = root / ".cache"
    # With it set, Rasa compiles 3,400 modules anew at each start: 7 s instead of 2.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        **QUIET_ENVIRONMENT,
        "PYTHONPATH": str(root),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "RASA_CACHE_DIRECTORY": str(cache / "rasa"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "HOME": str(cache / "home"),  # Rasa leaves a file in ~/.config even without telemetry
    }


def command(name: str) -> list[str]:
    """Rasa writes into ``models/new`` first, so that half a model never carries a good name."""
    data = ["--config", "config.yml", "--domain", "domain.yml", "--data", "nlu", "stories"]
    out = ["--out", "models/new", "--fixed-model-name", name]
    return [sys.executable, "-m", "rasa", "train", *data, *out]


def train(root: Path = ROOT) -> Path:
    """The path of today's model, trained if it is not there.

    Raises SystemExit with the log's name when Rasa fails.
    """
    model = model_path(root)
    if model.exists():
        return model
    print("   Training the model (under a minute) …", flush=True)
    started = time.monotonic()
    if not run_rasa(model.name, root):
        raise SystemExit(explain_failure(root / LOG))
    (root / "models" / "new" / model.name).replace(model)
    prune(model)
    print(f"   Trained in {time.monotonic() - started:.0f} s.", flush=True)
    return model


def run_rasa(name: str, root: Path) -> bool:
    """Whether Rasa trained and left a model; what it said is in the log."""
    log = root / LOG
    log.parent.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            command(name),
            cwd=root,
            env=environment(root),
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.returncode == 0 and (root / "models" / "new" / name).exists()


def explain_failure(log: Path) -> str:
    """The end of the log, where Rasa says what is wrong, and where the rest is."""
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
    return "\n".join([*last, f"The model could not be trained; all Rasa said is in {LOG}."])


def prune(current: Path) -> None:
    """Remove all but the newest models, so that the folder does not grow for ever."""
    others = [p for p in current.parent.glob("*.tar.gz") if p != current]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[KEPT_MODELS - 1 :]:
        old.unlink()


if __name__ == "__main__":
    train()
