"""Writes engine-app/src/test/resources/dev/sluice/app/trained.json: greedy continuations by llama.cpp of the two trained tiny
models, their Q8_0 weights decoded to F32, so that llama.cpp computes with the same weights as we do and quantizes nothing.

    mvn -q test-compile && LLAMA_LIB=<folder of libllama> python3 scripts/golden/trained.py

A prompt is kept where llama.cpp agrees with itself: reading its own continuation at once, it finds each token best again.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import models  # noqa: E402

APP = models.ROOT / "engine-app/src"
MODELS = {"dense": APP / "main/resources/dev/sluice/app/sluice-tiny-dense-q8_0.gguf",
          "moe": APP / "test/resources/dev/sluice/app/sluice-tiny-moe-q8_0.gguf"}
PROMPTS = ["Tell me a story about a cat.", "What is the capital of France?", "12 + 7 =",
           "<|im_start|>user\nWho lives in Paris?<|im_end|>\n<|im_start|>assistant\n<think>\n"]
TOKENS = 200


def main():
    goldens = []
    with tempfile.TemporaryDirectory() as folder:
        decoded, npy = pathlib.Path(folder, "f32.gguf"), pathlib.Path(folder, "l.npy")
        for name, path in MODELS.items():
            models.decode_to_f32(path, decoded)
            for prompt in PROMPTS:
                ids = json.loads(subprocess.run([models.ROOT / "sluice", "tokenize", "-m", path, "--json"], input=prompt,
                                                check=True, capture_output=True, text=True).stdout)
                greedy = json.loads(subprocess.run(
                    [sys.executable, models.SCRIPTS / "llamacpp.py", "greedy", decoded, str(TOKENS), *map(str, ids)],
                    check=True, capture_output=True, text=True).stdout)
                again = models.llama(decoded, npy, ids + greedy)[len(ids) - 1:-1].argmax(1)
                stable = bool((again == np.array(greedy)).all())
                print(name, repr(prompt), "kept" if stable else "left out: llama.cpp differs with itself", flush=True)
                if stable:
                    goldens.append({"model": name, "prompt": ids, "tokens": greedy})
    text = ",\n".join(json.dumps(golden) for golden in goldens)
    (APP / "test/resources/dev/sluice/app/trained.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
