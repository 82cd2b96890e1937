"""Live comparison of quantized files, written by llama.cpp's quantizer.

    mvn -q test-compile && LLAMA_LIB=<folder of libllama> python3 scripts/compare/quantized.py [DENSE.gguf [MOE.gguf]]

Synthetic models: our logits of the quantized file against the float64 reference on the same file decoded to F32 by our own
decoders (limit 1e-10). Trained models, if given (F16 or F32): our logits against llama.cpp's, which quantizes activations
(limit 1e-3 for the first, the dense one; reported for the second); and, fed llama.cpp's greedy tokens, how often our best
token differs (none may where our two best logits are more than 1.0 apart).
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import models  # noqa: E402

FILE_TYPES = {"F16": 1, "BF16": 32, "Q4_0": 2, "Q4_1": 3, "Q5_0": 8, "Q5_1": 9, "Q8_0": 7, "Q2_K": 10, "Q3_K_M": 12,
              "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18, "IQ4_NL": 25, "IQ4_XS": 30, "TQ1_0": 36, "TQ2_0": 37, "MXFP4": 38}
EXPERTS = [x for e in ("experts=8", "used=2", "eff=256", "sff=256") for x in ("--set", e)]
PROMPT = "Tell me a story about a cat."
GREEDY = 200


def llamacpp(*args):
    return subprocess.run([sys.executable, str(models.SCRIPTS / "llamacpp.py"), *map(str, args)], check=True,
                          capture_output=True, text=True).stdout


def types(model):
    out = subprocess.run([str(models.ROOT / "sluice"), "inspect", "-m", str(model), "--json"], check=True,
                         capture_output=True, text=True).stdout
    return " ".join(sorted({t["type"] for t in json.loads(out)["tensors"]} - {"F32"}))


def synthetic(folder):
    failed = False
    ids = models.tokens(65, 320)
    for kind, arch, options in (("dense", "qwen35", []), ("MoE", "qwen35moe", EXPERTS)):
        source = folder / "source.gguf"
        models.synthesize(arch, "k256", source, "--seed", 50, *options)
        for name, number in FILE_TYPES.items():
            quantized, decoded = folder / "q.gguf", folder / "d.gguf"
            quantized.unlink(missing_ok=True)
            llamacpp("quantize", source, quantized, number)
            models.decode_to_f32(quantized, decoded)
            ours = models.ours(quantized, folder / "o.npy", ids)
            error = models.nmse(models.reference(decoded, folder / "r.npy", ids), ours)
            failed |= not error <= 1e-10
            print(f"{kind:5} {name:7} reference {error:.1e}   [{types(quantized)}]", flush=True)
    return failed


def trained(folder, source, limit):
    failed = False
    text = subprocess.run([str(models.ROOT / "sluice"), "tokenize", "-m", source, "--json"], input=PROMPT, check=True,
                          capture_output=True, text=True).stdout
    prompt = json.loads(text)
    for name, number in {"F32": 0, **FILE_TYPES}.items():
        quantized = folder / "q.gguf"
        quantized.unlink(missing_ok=True)
        llamacpp("quantize", source, quantized, number)
        greedy = json.loads(llamacpp("greedy", quantized, GREEDY, *prompt))
        ids = prompt + greedy
        ours = models.ours(quantized, folder / "o.npy", ids)
        peer = models.llama(quantized, folder / "l.npy", ids)
        error = models.nmse(peer, ours)
        models.decode_to_f32(quantized, folder / "d.gguf")
        exact = models.reference(folder / "d.gguf", folder / "r.npy", ids)
        rows = ours[len(prompt) - 1:-1]
        best = np.sort(rows, axis=1)[:, -2:]
        differs = rows.argmax(1) != np.array(greedy)
        clear = differs & (best[:, 1] - best[:, 0] > 1.0)
        bad = clear.any() or (limit is not None and not error <= limit)
        failed |= bool(bad)
        print(f"{pathlib.Path(source).name} {name:7} llama.cpp {error:.1e}, reference {models.nmse(exact, ours):.1e}, llama.cpp against"
              f" the reference {models.nmse(exact, peer):.1e}; of {GREEDY} greedy tokens {differs.sum()} differ,"
              f" {clear.sum()} clearly", flush=True)
    return failed


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        failed = False
        if "--trained-only" not in sys.argv:
            failed = synthetic(folder)
        for source, limit in zip([a for a in sys.argv[1:] if not a.startswith("--")], (1e-3, None)):
            failed |= trained(folder, source, limit)
    sys.exit(failed)


if __name__ == "__main__":
    main()
