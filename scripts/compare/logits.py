"""Live comparison of F32 logits with the float64 reference and llama.cpp: every family, value heads 1 to 4 times the key
heads, tied and untied, 1 to 300 tokens; with 4 layers also RoPE plain, linear and YaRN, and the fused layouts that llama.cpp
reads too. Prints NMSE and exits 1 where a limit is passed. In deep sparse models llama.cpp's rounding can make two nearly equal
router logits change places, which is a jump from one row on: its last figure shows whose it is.

    mvn -q test-compile && LLAMA_LIB=<folder of libllama> python3 scripts/compare/logits.py [--layers 24]
"""
import itertools
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import models  # noqa: E402

LAYERS = int(sys.argv[2]) if sys.argv[1:2] == ["--layers"] else 4
LIMITS = (1e-10, 1e-7) if LAYERS <= 4 else (1e-8, 1e-6)
WIDE = ["--set", "head=64", "--set", "rot=64"]  # enough pairs for YaRN to keep some, mix some, interpolate some
YARN = {"scaling.type": "yarn", "scaling.factor": "4", "scaling.original_context_length": "1024"}
ROPES = {"plain": {}, "linear": {"scaling.type": "linear", "scaling.factor": "2.5"}, "scale_linear": {"scale_linear": "2.5"},
         "yarn": YARN, "yarn magnified": YARN | {"scaling.attn_factor": "1.25"}}
LAYOUTS = {"qwen35": [""], "qwen35moe": ["", "ffn_gate_up_exps"], "qwen3next": ["ssm_in", "ffn_gate_up_exps", ""]}


def main():
    worst = [0.0, 0.0]
    ropes = itertools.cycle(ROPES)
    lengths = itertools.cycle([1, 2, 3, 17, 64, 65, 128, 257, 300])
    cases = itertools.product(("qwen35", "qwen35moe", "qwen3next"), (1, 2, 3, 4), (False, True))
    for seed, (arch, ratio, untied) in enumerate(cases):
        options = ["--seed", seed + 100, "--set", f"lv={2 * ratio}", "--set", f"n_layer={LAYERS}"]
        options += ["--untied"] if untied else []
        rope = next(ropes) if LAYERS <= 4 else "plain"
        options += [x for key, value in ROPES[rope].items() for x in ("--rope", f"{key}={value}")] + (WIDE if ROPES[rope] else [])
        ids = models.tokens(next(lengths), 320)
        with tempfile.TemporaryDirectory() as folder:
            original = model = pathlib.Path(folder, "m.gguf")
            models.synthesize(arch, "tiny" if arch == "qwen35" else "moe-tiny", model, *options)
            layout = LAYOUTS[arch][seed % len(LAYOUTS[arch])] if LAYERS <= 4 else ""
            if layout:
                model = pathlib.Path(folder, "d.gguf")
                models.test_class("Dialects", layout, original, model)
            ours = models.ours(model, pathlib.Path(folder, "o.npy"), ids)
            expected = models.reference(original, pathlib.Path(folder, "r.npy"), ids)
            peer = models.llama(model, pathlib.Path(folder, "l.npy"), ids)
        reference, llama, peers = models.nmse(expected, ours), models.nmse(peer, ours), models.nmse(expected, peer)
        worst = [max(worst[0], reference), max(worst[1], llama)]
        print(f"{arch:10} layers {LAYERS} ratio {ratio} {'untied' if untied else 'tied  '} {rope:14} {layout:16} {len(ids):3} tokens:"
              f" reference {reference:.1e}, llama.cpp {llama:.1e}, llama.cpp against the reference {peers:.1e}", flush=True)
    print(f"worst: reference {worst[0]:.1e} (limit {LIMITS[0]:.0e}), llama.cpp {worst[1]:.1e} (limit {LIMITS[1]:.0e})")
    sys.exit(worst[0] > LIMITS[0] or worst[1] > LIMITS[1])


if __name__ == "__main__":
    main()
