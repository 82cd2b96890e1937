"""Writes engine-core/src/test/resources/dev/sluice/sample/penalties.txt: random logits, and what llama.cpp's penalties make
of them.

    LLAMA_LIB=<directory of libllama> python3 scripts/golden/sampling.py

One case a line, as scripts/compare/sampling.py describes. Needs numpy.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "scripts/compare")]
import sampling  # noqa: E402

TARGET = ROOT / "engine-core/src/test/resources/dev/sluice/sample/penalties.txt"
SEED = 20251124
CASES = 200


def main():
    lines = list(sampling.cases(CASES, SEED))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("# Written by scripts/golden/sampling.py with llama.cpp's penalties: repeat, presence, frequency, last n,"
                      " prompt, reply, bits of the logits before and after\n" + "\n".join(lines) + "\n")
    print(f"{len(lines)} cases, seed {SEED}: {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
