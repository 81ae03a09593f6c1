"""Writes the fixtures of TokenizersTests with the Python package `tokenizers`.

    python make_fixtures.py
        the small fixtures beside this script
    python make_fixtures.py reference MODEL_DIRECTORY OUTPUT.jsonl [TEXT_FILE ...]
        a larger file for the test that FINETUNED_TOKENIZER_REFERENCE turns on: every line of the text files, and some
        thousand random texts of all of Unicode, as the directory's own tokenizer.json encodes them
"""

import json
import pathlib
import random
import sys

import tokenizers
from tokenizers import AddedToken, models, normalizers, pre_tokenizers, processors

HERE = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

WORDS = """the a my order card refund payment invoice has have is was not n't did arrive arrived broken late please
help with account log in password reset cancel subscription how do i much money back where parcel café resume naive
über straße hello world 日 本 東 京 한 국 α β ω й и 1 2 3 19 2024 ! ? . , ' " # @ $ € — … 👍 🏽 e\u0301 x""".split()
PIECES = """s ed ing ment s' er ly ion card log pass word in a b c d e f g h i j k l m n o p q r t u v w x y z 0 1 2 4 9
é ü ᅡ ᆫ и π""".split()


def vocabulary():
    tokens = SPECIALS + WORDS + ["##" + piece for piece in PIECES]
    tokens += [chr(code) for code in range(ord("a"), ord("z") + 1) if chr(code) not in tokens]
    tokens += ["ᄒ", "##ᅡ" if "##ᅡ" not in tokens else "ᄀ", "İ", "i\u0307", "A", "Order", "É"]
    return {token: number for number, token in enumerate(dict.fromkeys(tokens))}


def small(pair_processor="template", **options):
    tokenizer = tokenizers.Tokenizer(models.WordPiece(vocabulary(), unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(**options)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(SPECIALS)
    if pair_processor == "template":
        tokenizer.post_processor = processors.TemplateProcessing(
            "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)])
    elif pair_processor == "bert":
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def with_added_tokens():
    tokenizer = small()
    tokenizer.add_tokens([
        AddedToken("refund-id", single_word=True), AddedToken("<cut>", lstrip=True, rstrip=True, normalized=False),
        AddedToken("Ünit"), AddedToken("<c", normalized=False), AddedToken("日本", normalized=True)])
    return tokenizer


TOKENIZERS = {
    "uncased": small(),
    "cased": small(lowercase=False),
    "accents": small(strip_accents=False),
    "stripped-cased": small(strip_accents=True, lowercase=False),
    "raw": small(clean_text=False, handle_chinese_chars=False, pair_processor="bert"),
    "plain": small(pair_processor=None),
    "added": with_added_tokens(),
}

TEXTS = [
    "", " ", "\t\n\r", "hello world", "My order hasn't arrived!", "HELLO   wOrLd", "Where is my parcel?!?",
    "refunds refunding logged passwords", "café CAFÉ cafe\u0301 CAFE\u0301", "naïve résumé Über STRASSE straße ẞ",
    "日本東京", "日本 a東b京", "한국 한국", "İstanbul ıi I", "ǅ ǆ Ǆ", "ﬁ ﬂ ﬀ", "\u1e9b\u0323", "e\u0323\u0301\u0302x",
    "e\u0301\u0323x", "\u0301\u0301 \u0301a", "a\u0000b\ufffdc\u200bd\u200de\u00ade\ufeff", "a\u00a0b\u2003c\u3000d\u2028e\u0085f",
    "a\u000bb\u000cc\u001cd\u001fe\u007ff", "\u0009tab\u000aline", "👍🏽 👩‍👩‍👧 🇩🇪", "\U0001d49c \U0001d7ce \U00020000 \U0002f800 \U000e0041",
    "a[SEP]b [CLS] [MASK]s [MASK] [sep] [ SEP ] [UNK][PAD]", "[[SEP]] [SEP", "##s ## # s##", "...---!!!", "$5.99 €3, 50%",
    "a'b \"c\" `d` ^e ~f |g <h> =i +j", "¡hola! ¿qué? «oui» „ja“ — – … ‽ ⁈", "\u061f\u060c\u0964\u3002\uff01\u166d\U000111c9",
    "\u1734\u1885\u1886\ua9bd\U0001171e", "αβω Ω ΑΒΣ ς", "йи Й ё Ё", "\u0344\u0f73\u0f75\u0f81", "\u302ea\u302f \U0001d165",
    "\u1100\u1161\u11a8 \uac01", "\u0958\u09dc\ufb1f\ufb2c", "\u212b\u2126\u212a", "x" * 100, "x" * 101, "é" * 100, "é" * 101,
    "e\u0301" * 60, "日" * 200, "a " * 300, "a" * 99 + "!", "q" * 100, "<cut>a <cut> b<cut><cut>  c <c <cu", "refund-id xrefund-id refund-idx refund-id.",
    "Ünit ünit UNIT unit", "日本 日 本", "\ud7a4 \u03d4 \u1fed \u2000\u2001", "\u0bca\u0bcb \u1112f", "\U00011938 \U000105c9",
    "1 2 3 19 2024 1924", "n't N'T n’t", "\u202eevil\u202c \u2066x\u2069", "a\u0327\u0301\u0328 \u0327a",
    "a\u08de\u035ab \u1c3fO\u035c\u0d3b", "\u302e\u302f\U0001d165a", "x\u0344\u08de\U00016ff0\u3434",
    "ſ Ⅷ ⅷ ① ² ½", "\u0e33 \u0eb3 ก็ \u0e38\u0e48", "\u05d0\u05b8\u05bc \u0627\u064b\u0651", "\U0001f1e6\u200d\ufe0f",
]
PAIRS = [
    ("hello", "world"), ("", ""), ("a", ""), ("", "b"), ("my card is broken please help", "refund"),
    ("refund", "my card is broken please help"), ("a b c d e f g h", "a b c d e f g h"), ("[SEP]", "[CLS] café"),
]


def random_text(generator, length):
    pools = [
        lambda: generator.randrange(0x20, 0x7F), lambda: generator.randrange(0x20, 0x7F), lambda: 0x20,
        lambda: ord(generator.choice("aeionrst")), lambda: generator.randrange(0, 0x250), lambda: generator.randrange(0x300, 0x370),
        lambda: generator.randrange(0x370, 0x2000), lambda: generator.randrange(0x2000, 0x2100), lambda: generator.randrange(0x1100, 0x1200),
        lambda: generator.randrange(0x3000, 0xA000), lambda: generator.randrange(0xAC00, 0xD7A4), lambda: generator.randrange(0xF900, 0x10000),
        lambda: generator.randrange(0x10000, 0x20000), lambda: generator.randrange(0x20000, 0x110000),
    ]
    few = generator.sample(pools, 4)
    return "".join(chr(generator.choice(few)()) for _ in range(generator.randrange(1, length)))


def case(tokenizer, text, pair=None, max_length=None, special=True):
    tokenizer.no_padding()
    if max_length is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(max_length)
    encoding = tokenizer.encode(text, pair, add_special_tokens=special)
    result = {"text": text}
    if pair is not None:
        result["pair"] = pair
    if max_length is not None:
        result["max_length"] = max_length
    if not special:
        result["special"] = False
    result["ids"] = encoding.ids
    result["offsets"] = [edge for offsets in encoding.offsets for edge in offsets]
    if any(encoding.type_ids):
        result["type_ids"] = encoding.type_ids
    if any(encoding.special_tokens_mask):
        result["mask"] = encoding.special_tokens_mask
    return result


def write(path, head, cases):
    with open(path, "w") as file:
        for line in [head, *cases]:
            file.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")


def fixtures():
    generator = random.Random(11)
    for name, tokenizer in TOKENIZERS.items():
        (HERE / f"{name}.json").write_text(tokenizer.to_str() + "\n")
        cases = [case(tokenizer, text) for text in TEXTS]
        cases += [case(tokenizer, text, special=False) for text in TEXTS[:6]]
        cases += [case(tokenizer, *pair, length) for pair in PAIRS for length in (None, 3, 4, 5, 6, 8, 11)]
        cases += [case(tokenizer, "my order has not arrived please help", max_length=length) for length in range(2, 12)]
        cases += [case(tokenizer, random_text(generator, 24)) for _ in range(60)]
        write(HERE / f"{name}.jsonl", {"tokenizer": f"{name}.json"}, cases)
    (HERE / "vocab.txt").write_text("".join(token + "\n" for token in vocabulary()))
    (HERE / "scalars.json").write_text(json.dumps(scalars()) + "\n")


def scalars():
    """For each block of 4096 scalars, an FNV-1a hash of what the stages make of each of them."""
    stages = [
        normalizers.BertNormalizer(), normalizers.BertNormalizer(False, False, False, True), pre_tokenizers.BertPreTokenizer()]
    hashes = []
    for block in range(0, 0x110000, 4096):
        value = 0xCBF29CE484222325
        for code in range(block, block + 4096):
            if 0xD800 <= code < 0xE000:
                continue
            words = len(stages[2].pre_tokenize_str("a" + chr(code) + "b"))
            line = f"{stages[0].normalize_str(chr(code))}\n{stages[1].normalize_str(chr(code))}\n{words}\n"
            for byte in line.encode():
                value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        hashes.append(f"{value:016x}")
    return hashes


def reference(directory, output, files):
    tokenizer = tokenizers.Tokenizer.from_file(str(pathlib.Path(directory) / "tokenizer.json"))
    generator = random.Random(5)
    lines = []
    for file in files:
        lines += pathlib.Path(file).read_text(errors="replace").splitlines()
    cases = [case(tokenizer, line) for line in lines + TEXTS]
    cases += [case(tokenizer, generator.choice(lines), generator.choice(lines), generator.randrange(3, 80)) for _ in range(3000) if lines]
    cases += [case(tokenizer, random_text(generator, 60)) for _ in range(20000)]
    write(output, {"directory": str(pathlib.Path(directory).resolve())}, cases)


if __name__ != "__main__":
    pass
elif sys.argv[1:2] == ["reference"]:
    reference(sys.argv[2], sys.argv[3], sys.argv[4:])
else:
    HERE.mkdir(exist_ok=True)
    fixtures()
