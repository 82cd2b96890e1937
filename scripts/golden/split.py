"""Writes split models by llama.cpp's own writer to engine-core/src/test/resources/dev/sluice/split: one of three parts with
tensors in each, one whose first part has only keys.

    mvn -q test-compile && LLAMA_LIB=<folder of libllama> python3 scripts/golden/split.py
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import models  # noqa: E402

TARGET = models.ROOT / "engine-core/src/test/resources/dev/sluice/split"
SHAPE = ["n_embd=32", "n_head=1", "n_kv=1", "lk=1", "lv=2", "ff=32", "vocab=64"]
TENSORS = 55
PARTS = {"three": (10, 12, TENSORS - 22), "first-empty": (0, 12, TENSORS - 12)}


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = pathlib.Path(folder, "whole.gguf")
        models.synthesize("qwen35", "tiny", whole, "--type", "F16", "--seed", "20",
                          *[x for entry in SHAPE for x in ("--set", entry)])
        for prefix, parts in PARTS.items():
            models.test_class("SplitFile", whole, folder, prefix, *parts)
            first = pathlib.Path(folder, f"{prefix}-00001-of-{len(parts):05}.gguf")
            subprocess.run([sys.executable, models.SCRIPTS / "llamacpp.py", "copysplit", first, TARGET / prefix], check=True,
                           capture_output=True)


if __name__ == "__main__":
    main()
