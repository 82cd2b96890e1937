"""Writes text that is hard on a tokenizer: every code point, many scripts, code, emoji, odd white space, special tokens.

    python3 scripts/compare/make_text.py [--bytes N] [--seed S] > text.txt

At least N bytes of UTF-8 (3,000,000 unless told otherwise), the same for the same N and seed on any machine. Valid
UTF-8 throughout, but not NFC; contains NULs and all kinds of line ends.
"""

import argparse
import random
import sys

# All of the first two planes, the ideographs of planes 2 and 3, tags and variation selectors: every code point that has
# a category other than "unassigned" or "private use", and many that have not. Fixed, so that Python's own Unicode
# version does not matter.
PLANES = [(0x0, 0xD800), (0xE000, 0x20000), (0x20000, 0x323B0), (0xE0000, 0xE01F0), (0xF0000, 0xF0010)]

# Ranges to draw words from: (first, last + 1)
SCRIPTS = {
    "ascii": (0x20, 0x7F),
    "latin": (0xC0, 0x250),
    "ipa and modifiers": (0x250, 0x300),
    "combining marks": (0x300, 0x370),
    "greek": (0x370, 0x400),
    "cyrillic": (0x400, 0x530),
    "armenian": (0x530, 0x590),
    "hebrew": (0x590, 0x600),
    "arabic": (0x600, 0x700),
    "syriac, thaana, nko": (0x700, 0x800),
    "devanagari": (0x900, 0x980),
    "bengali": (0x980, 0xA00),
    "gurmukhi, gujarati": (0xA00, 0xB00),
    "tamil, telugu": (0xB80, 0xC80),
    "kannada, malayalam": (0xC80, 0xD80),
    "sinhala": (0xD80, 0xE00),
    "thai": (0xE00, 0xE80),
    "lao": (0xE80, 0xF00),
    "tibetan": (0xF00, 0x1000),
    "myanmar": (0x1000, 0x10A0),
    "georgian": (0x10A0, 0x1100),
    "hangul jamo": (0x1100, 0x1200),
    "ethiopic": (0x1200, 0x1380),
    "cherokee": (0x13A0, 0x1400),
    "khmer": (0x1780, 0x1800),
    "mongolian": (0x1800, 0x18B0),
    "greek extended": (0x1F00, 0x2000),
    "punctuation and spaces": (0x2000, 0x2070),
    "superscripts, currency, letterlike, numbers": (0x2070, 0x2190),
    "arrows, mathematics, box drawing": (0x2190, 0x2600),
    "symbols, dingbats": (0x2600, 0x27C0),
    "kana, bopomofo": (0x3000, 0x3130),
    "enclosed cjk": (0x3200, 0x3400),
    "ideographs": (0x4E00, 0xA000),
    "yi, vai": (0xA000, 0xA640),
    "hangul": (0xAC00, 0xD7A4),
    "private use": (0xE000, 0xE100),
    "compatibility": (0xF900, 0xFB00),
    "presentation forms, full width": (0xFB00, 0xFFF0),
    "linear b to cuneiform": (0x10000, 0x12400),
    "musical and mathematical": (0x1D100, 0x1D800),
    "emoji": (0x1F300, 0x1FB00),
    "ideographs beyond the first plane": (0x20000, 0x2A6E0),
}

SPACES = [" ", "  ", "    ", "\t", "\n", "\r", "\r\n", "\n\n", " \n ", "\v", "\f", "\x85", "\u00a0", "\u1680", "\u2000"]
SPACES += ["\u2003", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\n\r", "\t\n\t ", "   \r\n "]
NOT_SPACES = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u180e", "\x1c", "\x1f", "\x00", "\x7f", "\xad"]

CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'RE", "'VE", "'M", "'LL", "'D", "'rE", "'Ll"]
CONTRACTIONS += ["'", "''s", "'sx", "'l", "'r", "'v", "\u2019s", "'\u017f", "' s", "'R\u00c9", "'ss", "I'll've", "x'Ve'D"]

SPECIAL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<think>", "</think>", "<tool_call>", "</tool_call>"]
SPECIAL += ["<tool_response>", "</tool_response>", "<|fim_prefix|>", "<|fim_pad|>", "<|vision_start|>", "<|image_pad|>"]
SPECIAL += ["<|repo_name|>", "<|file_sep|>", "<tts_pad>", "<|im_start", "|im_end|>", "<think", "<<think>>", "<|im_<|im_end|>"]
SPECIAL += ["<THINK>", "< think>", "<|im_start|><|im_start|>", "[PAD248077]", "<|box_start|>", "<|quad_end|>", "<|audio_pad|>"]

CODE = """#include <stdio.h>\n#define MAX(a, b) ((a) > (b) ? (a) : (b))\r
int main(int argc, char **argv) {\n\tfor (size_t i = 0; i < 0x7fffULL; i++) {\n\t\tprintf("%5.2f\\n", 1e-3 * i);\n\t}\n}
def f(x: list[int], *, y=None) -> "str":\n    \"\"\"It's a doc-string.\"\"\"\n    return f"{x!r:>{y}}" if y else '' # noqa\n\n\n
public static <T extends Comparable<? super T>> void sort(List<T> list) { list.sort(null); } // O(n log n)\n
SELECT a.id, COUNT(*) FROM t AS a WHERE a.name LIKE '%\\_x' AND b <> 'it''s' GROUP BY 1 HAVING n >= 10;\n
<div class="a-b c_d" onclick='go(&quot;x&quot;)'>&nbsp;&#x1F600;</div>\n{"k": [1, -2.5e+10, null, true], "u": "\\u00e9"}\n
fn main() -> Result<(), Box<dyn Error>> { let v: Vec<_> = (0..=9).map(|x| x * 2).collect(); Ok(()) }\n
$ grep -rn "foo\\|bar" ./src | awk '{print $1}' | sort -u >> out.txt 2>&1 && echo $?\n
https://example.org/a/b?c=d&e=%20f#g  user.name+tag@example.com  192.168.0.1:8080  2024-02-29T23:59:60Z\n
| a | b |\n|---|:-:|\n| 1 | `x` |\n\n$$\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}$$\n"""

PROSE = """The quick brown fox doesn't jump over the lazy dog; they've said it'll be 1,234,567.89 dollars (or so).
Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. Voix ambiguë d'un cœur qui préfère les jattes de kiwis.
Съешь же ещё этих мягких французских булок, да выпей чаю. Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. דג סקרן שט בים מאוכזב ולפתע מצא חברה
نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق. ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश करने वाले
เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน. いろはにほへと ちりぬるを わかよたれそ つねならむ 天地玄黃 宇宙洪荒 키스의 고유조건은 입술끼리 만나야 하고
யாமறிந்த மொழிகளிலே தமிழ்மொழி போல் இனிதாவது எங்கும் காணோம். Tiếng Việt có sáu thanh điệu. Pchnąć w tę łódź jeża lub ośm skrzyń fig.
"""

PEOPLE = ["\U0001f468", "\U0001f469", "\U0001f467", "\U0001f9d1", "\U0001f44d", "\u270b", "\U0001f3c3"]
TONES = ["", "\U0001f3fb", "\U0001f3fd", "\U0001f3ff"]
PARTS = ["\u200d\u2764\ufe0f\u200d\U0001f48b", "\u200d\U0001f4bb", "\u200d\u2640\ufe0f", "\u200d\U0001f467\u200d\U0001f466", "\ufe0f", "\u20e3"]


def character(chance, script):
    while True:
        c = chance.randrange(*SCRIPTS[script])
        if not 0xD800 <= c < 0xE000:
            return chr(c)


def word(chance, script, longest=9):
    return "".join(character(chance, script) for _ in range(chance.randint(1, longest)))


def emoji(chance):
    kind = chance.randrange(4)
    if kind == 0:
        return "".join(chr(0x1F1E6 + chance.randrange(26)) for _ in range(chance.choice([1, 2, 3, 4])))
    if kind == 1:
        return chance.choice("0123456789#*") + "\ufe0f\u20e3"
    if kind == 2:
        return "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in chance.choice(["gbeng", "gbsct"])) + "\U000e007f"
    return chance.choice(PEOPLE) + chance.choice(TONES) + chance.choice(PARTS)


def number(chance):
    digits = chance.choice([0x30, 0x660, 0x966, 0xE50, 0xFF10, 0x1D7CE, 0x2160, 0xBC, 0x2460])
    return "".join(chr(digits + chance.randrange(3 if digits == 0xBC else 10)) for _ in range(chance.randint(1, 6)))


def accented(chance):
    marks = [chr(chance.randrange(0x300, 0x370)) for _ in range(chance.randint(1, 4))]
    return chance.choice("aeiounAEIOU1. ") + "".join(marks)


def jamo(chance):
    """A Hangul syllable in pieces, which NFC would join."""
    last = chr(0x11A7 + chance.randrange(28))
    return chr(0x1100 + chance.randrange(19)) + chr(0x1161 + chance.randrange(21)) + (last if last != "\u11a7" else "")


def run(chance):
    """The same character many times over."""
    unit = chance.choice(["a", " ", "\n", "\r\n", "=", "-", "7", "'", "\u0301", "\u4e00", "\U0001f600", "\t", "\u00a0", "ab", ". "])
    return unit * chance.choice([2, 3, 7, 20, 25, 64, 300])


def piece(chance):
    """A few characters of any kind."""
    return chance.choice(
        [
            lambda: word(chance, chance.choice(list(SCRIPTS))),
            lambda: word(chance, "ascii"),
            lambda: chance.choice(SPACES),
            lambda: " ",
            lambda: chance.choice(NOT_SPACES),
            lambda: chance.choice(CONTRACTIONS),
            lambda: chance.choice(SPECIAL),
            lambda: emoji(chance),
            lambda: number(chance),
            lambda: accented(chance),
            lambda: jamo(chance),
            lambda: "".join(chance.choice("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") for _ in range(chance.randint(1, 5))),
            lambda: chr(chance.randrange(0xE000, 0x20000)),
        ]
    )()


def cut(chance):
    """A part of a special token, with others around it: begun, ended, doubled, one inside the other."""
    whole, other = chance.choice(SPECIAL), chance.choice(SPECIAL)
    at, end = sorted(chance.randrange(len(whole) + 1) for _ in range(2))
    return chance.choice([whole[:at], whole[at:], whole[at:end], whole[:at] + other + whole[at:], whole[:at] + whole])


def any_case(chance):
    """A contraction in any case, with its neighbours."""
    word = "".join(chance.choice([c.lower(), c.upper()]) for c in chance.choice(CONTRACTIONS))
    return chance.choice(["", " ", "a", "1", "\u00e9", "'", "\n"]) + word + chance.choice(["", " ", "x", "S", "\u0301", "'", "."])


def marks(chance):
    """Combining marks of any class, in any order, on any base or none."""
    ranges = [(0x300, 0x370), (0x591, 0x5C8), (0x64B, 0x660), (0x93A, 0x950), (0xE31, 0xE4F), (0x1AB0, 0x1ACF)]
    ranges += [(0x1DC0, 0x1E00), (0x20D0, 0x20F1), (0xFE00, 0xFE30), (0x1D165, 0x1D183), (0xE0100, 0xE01F0)]
    base = chance.choice(["", " ", "a", "\u4e00", "1", ".", "\n", "\U0001f600", "\u00e9"])
    return base + "".join(chr(chance.randrange(*chance.choice(ranges))) for _ in range(chance.randint(1, 12)))


def anything(chance):
    """Code points of all planes, control characters among them; no surrogates."""
    ranges = [(0, 0x20), (0x7F, 0xA1), (0, 0x3000), (0x3000, 0xD800), (0xE000, 0x10000), (0x10000, 0x20000), (0x20000, 0x110000)]
    return "".join(chr(chance.randrange(*chance.choice(ranges))) for _ in range(chance.randint(1, 5)))


def nasty(chance):
    """A string of many kinds of pieces, for comparing very many; more of what is cut, mixed and out of order."""
    kinds = [piece, piece, piece, cut, any_case, marks, anything, run]
    return "".join(chance.choice(kinds)(chance) for _ in range(chance.randint(1, 7)))


def short(chance):
    """A short string of random pieces, for comparing many."""
    return "".join(piece(chance) for _ in range(chance.randint(1, 6)))


def paragraphs(chance):
    """Longer stretches of one kind."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.choice(CODE.split("\n\n")) + "\n"
    if kind == 1:
        return chance.choice(PROSE.splitlines()) + chance.choice(SPACES)
    if kind == 2:
        script = chance.choice(list(SCRIPTS))
        return "".join(word(chance, script) + chance.choice(SPACES + [" "] * 40) for _ in range(40))
    if kind == 3:
        return run(chance)
    return "".join(piece(chance) for _ in range(60))


def text(size, seed):
    chance = random.Random(seed)
    everything = [chr(c) for first, end in PLANES for c in range(first, end)]
    parts = ["".join(everything), "\n"]
    # Out of order and between characters of each class, where a difference of class changes the pieces.
    for c in chance.sample(everything, 40000) + [chr(c) for c in range(0x3000)]:
        parts.append(chance.choice(["a", " ", "1", ".", "\n", "'", "\u0301", " a"]) + c)
    length = len("".join(parts).encode())
    parts += [CODE, PROSE, CODE.replace("\n", "\r\n"), "".join(CONTRACTIONS), "".join(SPACES), "".join(SPECIAL)]
    parts += [unit * 5000 for unit in ("a", " ", "\n", ".", "9", "\u0301", "\u4e2d", "\r\n", "' ")]
    while length < size:
        parts.append(paragraphs(chance))
        length += len(parts[-1].encode())
    return "".join(parts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bytes", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.buffer.write(text(options.bytes, options.seed).encode())


if __name__ == "__main__":
    main()
