#!/usr/bin/env python3
"""Makes Fixtures/tiny-bert: a BERT directory of a few thousand random parameters, for tests that need a model and not
its knowledge. The vocabulary is learnt from the project's own sample messages.

usage: make_tiny_bert.py            needs: torch transformers tokenizers (PyPI)"""
import json, pathlib, random, shutil
import tokenizers as tk, torch, transformers as tf

here = pathlib.Path(__file__).resolve().parent
root = here.parents[2]
out = here.parent / "Fixtures" / "tiny-bert"
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)

rows = [json.loads(l) for l in open(root / "public/samples/support-messages.jsonl", encoding="utf-8") if l.strip()]
tokenizer = tk.Tokenizer(tk.models.WordPiece(unk_token="[UNK]"))
tokenizer.normalizer = tk.normalizers.BertNormalizer(lowercase=True)
tokenizer.pre_tokenizer = tk.pre_tokenizers.BertPreTokenizer()
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
tokenizer.train_from_iterator(
    [r["text"] for r in rows], tk.trainers.WordPieceTrainer(vocab_size=400, special_tokens=special, show_progress=False))
ids = {t: tokenizer.token_to_id(t) for t in special}
tokenizer.post_processor = tk.processors.TemplateProcessing(
    single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
    special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])])
tokenizer.decoder = tk.decoders.WordPiece()
fast = tf.BertTokenizerFast(tokenizer_object=tokenizer, do_lower_case=True, model_max_length=64)
fast.save_pretrained(out)
vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
(out / "vocab.txt").write_text("".join(token + "\n" for token, _ in vocabulary), encoding="utf-8")

torch.manual_seed(7)
config = tf.BertConfig(
    vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
    max_position_embeddings=64)
tf.BertModel(config).save_pretrained(out, safe_serialization=True)
for path in sorted(out.iterdir()):
    print(path.name, path.stat().st_size)
