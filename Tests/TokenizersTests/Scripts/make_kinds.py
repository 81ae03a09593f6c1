"""Trains tiny tokenizers of every kind and writes what the Python package `tokenizers` makes of texts with them.

    python make_kinds.py [--large OUTPUT] [--tokenizer DIRECTORY]… [TEXT_FILE…]

Without arguments: the committed fixtures in Fixtures/Kinds. With `--large`, for the test that
FINETUNED_TOKENIZER_CASES=OUTPUT turns on: 10,000 lines spread over the text files, and 2,000 random texts; also with the
real tokenizers of the directories.
"""

import argparse
import base64
import json
import pathlib
import random
import runpy
import struct
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).resolve().parent
sys.argv, ARGUMENTS = [sys.argv[0], "imported"], sys.argv[1:]
BASE = runpy.run_path(str(HERE / "make_fixtures.py"), run_name="imported")
CORPUS = [
    "the order has not arrived, where is my parcel?", "my card was refunded but the payment isn't there!",
    "how do I reset the password of my account", "they're late again; we've waited 10 days and 24 hours",
    "please cancel the subscription, I'll not pay 1999 for it", "naïve café über straße", "  two  spaces   and three",
] * 4
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+")
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def trained(tokenizer, trainer, texts=CORPUS):
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def changed(tokenizer, change):
    description = json.loads(tokenizer.to_str())
    change(description)
    return Tokenizer.from_str(json.dumps(description))


def roberta(prefix):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    tokenizer.decoder = decoders.ByteLevel()
    trained(tokenizer, trainers.BpeTrainer(
        vocab_size=340, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=prefix)
    return tokenizer


def charsmap():
    """A precompiled map of a few characters, as a darts-clone double array laid out by hand."""
    rules = {"Ａ": "A", "ﬁ": "fi", "①": "1", "\u3000": " ", "\u200b": "", "é": "e\u0301"}
    blob = b""
    trie = {}
    for key, replacement in rules.items():
        node = trie
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[-1] = len(blob)
        blob += replacement.encode() + b"\0"
    units, used = {}, {0}
    start = [1]

    def place(node, position, label):
        base = start[0]
        # Children stand at `base ^ byte`; a leaf's value stands at `base`. Offsets beyond 21 bits are not needed here.
        while any(base ^ max(byte, 0) in used for byte in node):
            base += 1
        start[0] = base
        used.update(base ^ max(byte, 0) for byte in node)
        units[position] = (base ^ position) << 10 | (1 << 8 if -1 in node else 0) | label
        for byte, child in node.items():
            if byte == -1:
                units[base] = 1 << 31 | child
            else:
                place(child, base ^ byte, byte)

    place(trie, 0, 0)
    array = struct.pack(f"<{max(units) + 256}I", *(units.get(index, 0) for index in range(max(units) + 256)))
    return base64.b64encode(struct.pack("<I", len(array)) + array + blob).decode()


def unigram(pipeline, prepend="always", fallback=False):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=prepend)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme=prepend)
    trained(tokenizer, trainers.UnigramTrainer(
        vocab_size=120, special_tokens=["<s>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", "<s> $A </s> $B:1 </s>:1", [("<s>", 0), ("</s>", 1)])

    def change(description):
        description["normalizer"] = {"type": "Sequence", "normalizers": pipeline}
        if fallback:
            description["model"]["byte_fallback"] = True
            description["model"]["vocab"] += [[byte, -20.0] for byte in BYTES]
            description["decoder"] = {
                "type": "Sequence", "decoders": [{"type": "ByteFallback"}, description["decoder"]]}
    return changed(tokenizer, change)


def sentencepiece_bpe():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trained(tokenizer, trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<unk>", "<s>", "</s>", *BYTES], show_progress=False))

    def change(description):
        description["model"]["byte_fallback"] = True
        description["added_tokens"] = description["added_tokens"][:3]
        description["pre_tokenizer"] = None
        description["normalizer"] = {"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
        description["decoder"] = {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    return changed(tokenizer, change)


def llama3():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA3), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trained(tokenizer, trainers.BpeTrainer(
        vocab_size=330, special_tokens=["<|b|>"], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer = changed(tokenizer, lambda description: description["model"].update(ignore_merges=True))
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing("<|b|> $A", "<|b|> $A <|b|>:1 $B:1", [("<|b|>", 0)])])
    return tokenizer


def word_level():
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return trained(tokenizer, trainers.WordLevelTrainer(special_tokens=["[UNK]"], show_progress=False))


def suffixed(*stages):
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]", end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(list(stages))
    tokenizer.decoder = decoders.BPEDecoder()
    return trained(tokenizer, trainers.BpeTrainer(
        vocab_size=120, special_tokens=["[UNK]"], end_of_word_suffix="</w>", show_progress=False))


def kinds():
    split = pre_tokenizers.Split
    yield "roberta", roberta(False)
    yield "roberta-prefix", roberta(True)
    yield "unigram", unigram([
        {"type": "Nmt"}, {"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}])
    yield "unigram-precompiled", unigram([{"type": "Precompiled", "precompiled_charsmap": charsmap()}], "first")
    yield "unigram-bytes", unigram([{"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}], fallback=True)
    yield "sentencepiece-bpe", sentencepiece_bpe()
    yield "llama3", llama3()
    yield "word-level", word_level()
    yield "punctuation", suffixed(
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("merged_with_previous"),
        pre_tokenizers.Digits(True))
    yield "contiguous", suffixed(
        pre_tokenizers.CharDelimiterSplit("e"), pre_tokenizers.Digits(False), pre_tokenizers.Punctuation("contiguous"))
    yield "splits", suffixed(
        split("a", "merged_with_next"), split(Regex("[aeiou]+"), "merged_with_previous"),
        split(Regex(r"\w+|[^\w\s]+"), "removed", invert=True))


def case(tokenizer, text, pair=None, words=None, length=None):
    tokenizer.no_padding()
    if length is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(length)
    encoding = tokenizer.encode(words, is_pretokenized=True) if words else tokenizer.encode(text, pair)
    return {
        "text": text, "pair": pair, "words": words, "max_length": length, "ids": encoding.ids,
        "offsets": [edge for offsets in encoding.offsets for edge in offsets], "type_ids": encoding.type_ids,
        "word_ids": [-1 if word is None else word for word in encoding.word_ids],
        "decoded": tokenizer.decode(encoding.ids),
        "raw": tokenizer.decode(encoding.ids, skip_special_tokens=False)}


def real(directories):
    for directory in map(pathlib.Path, directories):
        yield directory.resolve().name, Tokenizer.from_file(str(directory / "tokenizer.json"))


def spread(files, count):
    """So many lines of all files, evenly spaced; all of them where there are fewer."""
    lines = [line for file in files for line in pathlib.Path(file).read_text(errors="replace").splitlines()]
    return [lines[index * len(lines) // count] for index in range(count)] if len(lines) > count else lines


def wants_spaces(tokenizer):
    """Whether transformers asks for add_prefix_space where words are given, which changes the pipeline."""
    stage = json.loads(tokenizer.to_str())["pre_tokenizer"] or {}
    return stage.get("type") == "ByteLevel" and not stage["add_prefix_space"]


def write(folder, tokenizers, lines, random_count):
    folder.mkdir(parents=True, exist_ok=True)
    for name, tokenizer in tokenizers:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(folder / f"{name}.json"), pretty=False)
        generator = random.Random(17)
        cases = [case(tokenizer, text) for text in lines]
        cases += [case(tokenizer, BASE["random_text"](generator, 40)) for _ in range(random_count)]
        cases += [case(tokenizer, *pair, length=length) for pair in BASE["PAIRS"] for length in (None, 6)]
        if not wants_spaces(tokenizer):
            cases += [case(tokenizer, "", words=text.split()) for text in CORPUS[:5]]
        with open(folder / f"{name}.jsonl", "w") as file:
            for line in cases:
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
        print(f"{name}: {len(cases)} cases")


parser = argparse.ArgumentParser()
parser.add_argument("--large", type=pathlib.Path)
parser.add_argument("--tokenizer", action="append", default=[])
parser.add_argument("files", nargs="*")
arguments = parser.parse_args(ARGUMENTS)
if arguments.large:
    texts = BASE["TEXTS"] + spread(arguments.files, 10000)
    write(arguments.large, [*kinds(), *real(arguments.tokenizer)], texts, 2000)
else:
    texts = [text for text in BASE["TEXTS"] if len(text) < 60]
    write(HERE.parent / "Fixtures" / "Kinds", kinds(), texts + CORPUS[:7], 25)
