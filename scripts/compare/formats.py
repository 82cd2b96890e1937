"""Compares every weight format with ggml's decoder on random blocks, bit by bit.

    mvn -pl engine-core -am test-compile
    LLAMA_LIB=<directory of libggml-base.so> python3 scripts/compare/formats.py [--blocks N] [--seed S]

All bytes of a block are random, so scales take every value of a half, infinities and NaN included; two NaN count as
equal. Needs numpy. Exits with 1 if any value differs.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import ggml  # noqa: E402
import models  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--blocks", type=int, default=20000, help="blocks of each type")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{options.blocks} blocks of each type, seed {options.seed}")
    random = np.random.default_rng(options.seed)
    reference = ggml.Ggml()
    different = 0
    with tempfile.TemporaryDirectory() as directory:
        expected = {}
        for name in ggml.TYPES:
            blocks = random.integers(0, 256, (options.blocks, reference.block(name)[1]), np.uint8)
            blocks.tofile(os.path.join(directory, name + ".blocks"))
            with np.errstate(all="ignore"):
                expected[name] = reference.decode(name, blocks)
        decode_all(directory)
        decoded = {path.stem for path in pathlib.Path(directory).glob("*.floats")}
        if decoded != set(expected):
            sys.exit(f"compared types differ: here {sorted(expected)}, there {sorted(decoded)}")
        for name, values in expected.items():
            found = np.fromfile(os.path.join(directory, name + ".floats"), "<f4").reshape(values.shape)
            equal = (values.view(np.uint32) == found.view(np.uint32)) | (np.isnan(values) & np.isnan(found))
            wrong = int((~equal.all(axis=1)).sum())
            different += wrong
            print(f"{name:8} {len(values)} blocks: " + ("bit-exact" if wrong == 0 else f"{wrong} blocks differ"))
    sys.exit(1 if different else 0)


def decode_all(directory):
    """Has the engine decode every <type>.blocks in the directory to <type>.floats."""
    classes = os.pathsep.join(str(ROOT / module / "target" / "classes") for module in ("engine-loader", "engine-core"))
    program = pathlib.Path(__file__).with_name("DecodeBlocks.java")
    subprocess.run([models.java(), "--class-path", classes, str(program), directory], check=True)


if __name__ == "__main__":
    main()
