"""Writes engine-core/src/test/resources/dev/sluice/cpu/format/blocks.txt: random blocks and ggml's decoding of them.

    LLAMA_LIB=<directory of libggml-base.so> python3 scripts/golden/formats.py

One block a line: type, bytes in hex, the bits of each value in hex. Needs numpy.
"""

import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import ggml  # noqa: E402

TARGET = ROOT / "engine-core/src/test/resources/dev/sluice/cpu/format/blocks.txt"
SEED = 20251124

# The f16 fields of each block of a type, in order: ordinary, negative, zero, subnormal, largest.
SCALES = [(0x2A66, 0x2C11), (0xB123, 0xAE07), (0x0000, 0x8000), (0x0001, 0x83FF), (0x7BFF, 0xFBFF)]


def main():
    random = np.random.default_rng(SEED)
    reference = ggml.Ggml()
    lines = ["# Written by scripts/golden/formats.py with ggml's decoders: type, block bytes, bits of the values"]
    for name, (_, _, fields) in ggml.TYPES.items():
        if name in ("F32", "F16", "BF16"):
            continue
        blocks = random.integers(0, 256, (len(SCALES), reference.block(name)[1]), np.uint8)
        for block, halves in zip(blocks, SCALES):
            for field, half in zip(fields, halves):
                block[field : field + 2] = half & 0xFF, half >> 8
        if name == "MXFP4":
            blocks[:, 0] = 125, 131, 0, 1, 252
        if name == "NVFP4":
            blocks[2, :4] = 0x00, 0x7F, 0x80, 0xFF
            blocks[3, :4] = 0x01, 0x07, 0x08, 0x7E
        values = reference.decode(name, blocks)
        assert np.isfinite(values).all(), name
        for block, row in zip(blocks, values):
            lines.append(f"{name} {block.tobytes().hex()} {row.astype('>f4').tobytes().hex()}")
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} blocks, seed {SEED}: {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
