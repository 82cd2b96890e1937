"""Compares the penalties on random logits and sequences with llama.cpp's sampler, bit by bit.

    mvn -pl engine-core -am test-compile
    LLAMA_LIB=<directory of libllama> python3 scripts/compare/sampling.py [--cases N] [--seed S]

llama.cpp's sampler takes prompt and reply for one sequence. Where there is a prompt, it is therefore asked twice: for the
repeat penalty with the whole sequence, then for presence and frequency with the reply. Needs numpy. Exits with 1 if any
value differs.
"""

import argparse
import pathlib
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import llamacpp  # noqa: E402
import models  # noqa: E402

VOCABULARY = 12


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lines = list(cases(options.cases, options.seed))
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = pathlib.Path(folder, "cases.txt"), pathlib.Path(folder, "logits.txt")
        asked.write_text("\n".join(lines) + "\n")
        models.test_class("sample.PenaltyCase", asked, answered)
        found = answered.read_text().split()
    wrong = [(line, here) for line, here in zip(lines, found, strict=True) if line.split()[-1] != here]
    for line, here in wrong[:3]:
        print(f"llama.cpp {line}\n     here {here}")
    print(f"{len(lines)} cases of {VOCABULARY} logits, seed {options.seed}: "
          + (f"{len(wrong)} differ" if wrong else "bit-exact"))
    sys.exit(1 if wrong else 0)


def cases(count, seed):
    """Lines of: repeat, presence, frequency, last n, prompt, reply, bits of the logits before and after in hex."""
    random = np.random.default_rng(seed)
    samplers = llamacpp.Samplers()
    for i in range(count):
        logits = (random.standard_normal(VOCABULARY) * random.choice([1, 8, 1e4])).astype(np.float32)
        logits[random.random(VOCABULARY) < 0.1] = random.choice([0.0, -0.0, 1.0, -np.inf])
        # One or several of the penalties are off in most cases.
        repeat = np.float32(random.choice([1, 1.1, random.uniform(0.5, 2)]))
        presence, frequency = (np.float32(random.choice([0, 1.5, random.uniform(-2, 2)])) for _ in range(2))
        prompt, reply = (random.integers(0, VOCABULARY, random.integers(0, 25)).tolist() for _ in range(2))
        if i % 2:
            prompt = []
        last = int(random.choice([-1, 0, 1, 5, 20, 64]))
        whole = last if last >= 0 else len(prompt + reply)
        if prompt:
            after = samplers.penalties(logits, prompt + reply, whole, repeat, 0, 0)
            after = samplers.penalties(after, reply, whole, 1, frequency, presence)
        else:
            after = samplers.penalties(logits, reply, whole, repeat, frequency, presence)
        yield " ".join(map(str, [repeat, presence, frequency, last, ids(prompt), ids(reply), bits(logits), bits(after)]))


def ids(tokens):
    return ",".join(map(str, tokens)) or "-"


def bits(values):
    return values.astype(">f4").tobytes().hex()


if __name__ == "__main__":
    main()
