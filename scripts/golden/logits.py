"""Writes the golden logits of synthetic F32 models: NAME.reference.f32 (float64 reference) and NAME.llama.f32 (llama.cpp)
beside engine-core/src/test/resources/dev/sluice/logits/cases.json, little-endian float32, [rows, vocabulary] for the rows
that golden_rows() names.

    mvn -q test-compile && LLAMA_LIB=<folder of libllama> python3 scripts/golden/logits.py [NAME...]
"""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import models  # noqa: E402

TARGET = models.ROOT / "engine-core/src/test/resources/dev/sluice/logits"
VOCABULARY = 320


def golden_rows(count):
    """Row 0, the last, and those around the places where work is cut into pieces."""
    return [i for i in (0, 1, 2, 3, 15, 16, 31, 63, 64, 127, 128, 254, 255, 256, 257, count - 1) if i < count]


def main():
    for case in json.loads((TARGET / "cases.json").read_text()):
        if len(sys.argv) > 1 and case["name"] not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder, "model.gguf")
            models.synthesize(case["arch"], case["shape"], model, *case["options"])
            ids = models.tokens(case["tokens"], VOCABULARY)
            rows = sorted(set(golden_rows(len(ids))))
            expected = models.reference(model, pathlib.Path(folder, "r.npy"), ids)
            peer = models.llama(model, pathlib.Path(folder, "l.npy"), ids)
        print(case["name"], "llama.cpp against the reference: NMSE", models.nmse(expected, peer))
        expected[rows].astype("<f4").tofile(TARGET / f"{case['name']}.reference.f32")
        peer[rows].astype("<f4").tofile(TARGET / f"{case['name']}.llama.f32")


if __name__ == "__main__":
    main()
