"""Writes engine-core/src/test/resources/dev/sluice/tokenizer/{vocabulary,ids}.json: a small vocabulary and llama.cpp's ids.

    LLAMA_LIB=<directory of libllama> python3 scripts/golden/tokenizer.py sluice-tiny-dense-f16.gguf

vocabulary.json has the tokenizer of the model, which must be one of pre-tokenizer qwen35; ids.json has a list of text,
whether special tokens are parsed, ids by the rule of qwen35 and, where they differ, ids by the rule of qwen2. Texts are
mostly those of scripts/compare/make_text.py, not normalised.
"""

import json
import pathlib
import random
import struct
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "scripts/compare")]
import llamacpp  # noqa: E402
import make_text  # noqa: E402

TARGET = ROOT / "engine-core/src/test/resources/dev/sluice/tokenizer"
SEED = 20251124
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9


class Metadata:
    """The keys of a GGUF file of version 3."""

    def __init__(self, data):
        self.data, self.at = data, 8
        _, count = self.scalar("Q"), self.scalar("Q")
        self.keys = {}
        for _ in range(count):
            key = self.string()
            self.keys[key] = self.value(self.scalar("I"))

    def scalar(self, code):
        (value,) = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return value

    def string(self):
        length = self.scalar("Q")
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def value(self, kind):
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            kind, count = self.scalar("I"), self.scalar("Q")
            return [self.value(kind) for _ in range(count)]
        return self.scalar(SCALARS[kind])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    data = pathlib.Path(sys.argv[1]).read_bytes()
    keys = Metadata(data).keys
    if keys["tokenizer.ggml.pre"] != "qwen35":
        sys.exit(f"the pre-tokenizer is {keys['tokenizer.ggml.pre']}, expected qwen35")
    vocabulary = {name: keys["tokenizer.ggml." + name] for name in ("tokens", "token_type", "merges", "eos_token_id")}
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=True, indent=0) + "\n")

    cases = list(texts())
    qwen35 = ids(sys.argv[1], cases)
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        # A name of the same length that selects the rule of qwen2.
        place = data.index(struct.pack("<Q", 6) + b"qwen35", data.index(b"tokenizer.ggml.pre"))
        file.write(data[: place + 8] + b"megrez" + data[place + 14 :])
        file.flush()
        qwen2 = ids(file.name, cases)
    rows = [json.dumps([*case, a] if a == b else [*case, a, b]) for case, a, b in zip(cases, qwen35, qwen2)]
    (TARGET / "ids.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
    different = sum(a != b for a, b in zip(qwen35, qwen2))
    print(f"{len(rows)} texts, {different} of them different for the two rules, seed {SEED}")


def texts():
    chance = random.Random(SEED)
    for text in (make_text.CODE, make_text.PROSE, make_text.CODE.replace("\n", "\r\n")):
        yield text, False
    for text in make_text.SPACES + make_text.NOT_SPACES + make_text.CONTRACTIONS + ["".join(make_text.SPACES)]:
        yield f"a{text}b {text}", True
    for text in make_text.SPECIAL:
        yield f"x{text} y", True
        yield f"x{text} y", False
    for i in range(400):
        yield make_text.short(chance), i % 2 == 0
    for _ in range(20):
        yield make_text.paragraphs(chance)[:400], True
    # Marks are letters for one rule and symbols for the other.
    for c in "\u0301\u0489\u05b0\u0903\u093e\u0e31\u20dd\ufe0f\U0001d165\U000e0100":
        yield f"{c}'D e{c}=name {c}<tools{c}(items 1{c}.lower{c}\n{c}'t", True
    # Characters of Unicode 16, which llama.cpp takes for symbols.
    for c in "\u0897\u1c8a\ua7dc\U00010d41\U000113b8\U000143bc\U0001e5fa":
        yield f"{c}'s x{c}y {c}{c}!\n", True


def ids(path, cases):
    reference = llamacpp.Llama(str(path), vocab_only=True)
    return [reference.tokenize(text.encode(), special) for text, special in cases]


if __name__ == "__main__":
    main()
