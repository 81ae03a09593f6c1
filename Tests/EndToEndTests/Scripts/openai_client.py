#!/usr/bin/env python3
"""Drives a running server with the unmodified `openai` client (PyPI).

  openai_client.py BASE_URL [TOKEN] [--model NAME] [--timeout SECONDS]

BASE_URL ends in /v1. Exit status 0 where all passed. Closing line: 'N passed, N failed'."""
import argparse
import io
import json
import sys
import time
import traceback
import urllib.request

import openai

arguments = argparse.ArgumentParser()
arguments.add_argument("base_url")
arguments.add_argument("token", nargs="?", default="")
arguments.add_argument("--model", default="all-MiniLM-L6-v2")
arguments.add_argument("--timeout", type=float, default=300, help="seconds that a job may take")
options = arguments.parse_args()

client = openai.OpenAI(base_url=options.base_url, api_key=options.token or "none", max_retries=0)
checks, made_files, made_jobs = [], [], []

TEXTS = {
    "billing": ["I was charged twice", "my invoice is wrong", "refund the second payment", "the card was declined"],
    "bug": ["the app crashes on start", "an error appears when I save", "the page stays blank", "it freezes at login"],
    "praise": ["thank you so much", "great service", "I love the new look", "best support ever"],
}


def training_data(copies=6):
    rows = [
        {"text": f"{text} ({copy})", "label": label}
        for copy in range(copies)
        for label, texts in TEXTS.items()
        for text in texts
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def check(function):
    checks.append(function)
    return function


def expect(error, function, **attributes):
    """The error that a call must raise."""
    try:
        result = function()
    except error as caught:
        for name, value in attributes.items():
            assert getattr(caught, name) == value, f"{name} is {getattr(caught, name)!r}, expected {value!r}: {caught}"
        assert caught.request_id, "an answer without x-request-id"
        return caught
    raise AssertionError(f"expected {error.__name__}, got {result!r}"[:300])


def upload(data=None, name="tickets.jsonl"):
    file = client.files.create(file=(name, data or training_data()), purpose="fine-tune")
    made_files.append(file.id)
    return file


def create(file, epochs=2, **more):
    job = client.fine_tuning.jobs.create(
        model=options.model,
        training_file=file.id,
        suffix="check",
        seed=7,
        metadata={"team": "support"},
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": epochs, "batch_size": 8}}},
        extra_body={
            "task": {"type": "text-classification"},
            "layers": {"train": "head"},
            "strategy": {"learning_rate": 0.01, "checkpoint_every": {"steps": 4}, "evaluate_every": {"steps": 4}},
            "data": {"max_length": 32},
            **more,
        },
    )
    made_jobs.append(job.id)
    return job


def wait(job, *states, seconds=None):
    """Polls until the job is in one of the states."""
    end = time.monotonic() + (seconds or options.timeout)
    while time.monotonic() < end:
        now = client.fine_tuning.jobs.retrieve(job.id)
        if now.status in states:
            return now
        if now.status in ("succeeded", "failed", "cancelled"):
            raise AssertionError(f"{now.status} where {states} was awaited: {now.error}")
        time.sleep(0.05)
    raise AssertionError(f"still {now.status} after {seconds or options.timeout} s")


@check
def a_file_goes_up_is_listed_read_and_deleted():
    data = training_data()
    file = client.files.create(file=("tickets.jsonl", io.BytesIO(data)), purpose="fine-tune")
    assert file.id.startswith("file-") and file.object == "file" and file.bytes == len(data)
    assert file.filename == "tickets.jsonl" and file.purpose == "fine-tune" and file.status == "processed"
    assert client.files.retrieve(file.id).id == file.id
    assert client.files.content(file.id).read() == data
    assert file.id in [other.id for other in client.files.list()]
    assert client.files.delete(file.id).deleted is True
    expect(openai.NotFoundError, lambda: client.files.retrieve(file.id), status_code=404)


@check
def files_are_paged_newest_first():
    ids = [upload(name=f"{number}.jsonl").id for number in range(5)]
    page = client.files.list(limit=2)
    assert [file.id for file in page.data] == ids[::-1][:2] and page.has_more
    seen = [file.id for file in client.files.list(limit=2)]
    assert seen[:5] == ids[::-1] and len(seen) == len(set(seen))
    oldest = [file.id for file in client.files.list(limit=2, order="asc")]
    assert oldest == seen[::-1]


@check
def a_job_runs_to_its_model():
    job = create(upload())
    assert job.id.startswith("ftjob-") and job.object == "fine_tuning.job" and job.seed == 7
    assert job.status in ("validating_files", "queued", "running") and job.result_files == []
    assert job.hyperparameters.n_epochs == 2 and job.method.supervised.hyperparameters.batch_size == 8
    assert job.metadata == {"team": "support"} and job.layers["train"] == "head" and job.data["max_length"] == 32
    done = wait(job, "succeeded")
    assert done.fine_tuned_model.startswith("ft:") and done.finished_at >= done.created_at and done.trained_tokens > 0
    assert done.error is None and done.progress["step"] == done.progress["total_steps"] and done.best is not None
    a_job_runs_to_its_model.done = done


def finished():
    done = getattr(a_job_runs_to_its_model, "done", None)
    assert done is not None, "no job succeeded"
    return done


@check
def jobs_are_listed_and_filtered_by_metadata():
    done = finished()
    assert done.id in [job.id for job in client.fine_tuning.jobs.list(limit=1)]
    assert done.id in [job.id for job in client.fine_tuning.jobs.list(metadata={"team": "support"})]
    assert list(client.fine_tuning.jobs.list(metadata={"team": "nobody"})) == []


@check
def events_are_paged_newest_first():
    done = finished()
    events = list(client.fine_tuning.jobs.list_events(done.id, limit=3))
    numbers = [event.seq for event in events]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == len(set(numbers)) and len(numbers) > 6
    steps = [event.data["step"] for event in events if event.type == "metrics"]
    assert steps == list(range(done.progress["total_steps"], 0, -1)), steps
    assert all(event.object == "fine_tuning.job.event" and event.level in ("info", "warn", "error") for event in events)


@check
def the_event_stream_tells_the_same_and_ends():
    done = finished()
    listed = [event.seq for event in client.fine_tuning.jobs.list_events(done.id, limit=1000)][::-1]
    url = f"{options.base_url}/fine_tuning/jobs/{done.id}/events"

    def read(**more):
        headers = {"Accept": "text/event-stream", **more}
        if options.token:
            headers["Authorization"] = f"Bearer {options.token}"
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return [int(line[3:]) for line in answer.read().decode().splitlines() if line.startswith("id:")]

    assert read() == listed
    middle = listed[len(listed) // 2]
    assert read(**{"Last-Event-ID": str(middle)}) == [number for number in listed if number > middle]


@check
def checkpoints_are_listed():
    done = finished()
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(done.id, limit=1))
    assert checkpoints and checkpoints[0].id.startswith("ftckpt_")
    assert all(one.fine_tuning_job_id == done.id and one.object == "fine_tuning.job.checkpoint" for one in checkpoints)
    steps = [one.step_number for one in checkpoints]
    assert steps == sorted(steps, reverse=True)
    assert checkpoints[0].metrics.full_valid_loss is not None
    assert "model.safetensors" in [file["name"] for file in checkpoints[0].files]


@check
def result_files_can_be_read():
    for identifier in finished().result_files:
        assert client.files.content(identifier).read()


@check
def the_model_is_listed_used_and_retrieved():
    name = finished().fine_tuned_model
    assert name in [model.id for model in client.models.list()]
    model = client.models.retrieve(name)
    assert model.id == name and model.object == "model" and model.kind == "fine-tuned"
    answer = client.post("/predictions", body={"model": name, "input": ["refund my payment"]}, cast_to=object)
    scores = answer["data"][0]["scores"]
    assert len(scores) == len(TEXTS) and abs(sum(score["score"] for score in scores) - 1) < 1e-4
    assert answer["data"][0]["label"] == scores[0]["label"]


@check
def a_job_is_paused_and_resumed():
    job = create(upload(), epochs=400)
    wait(job, "running")
    client.fine_tuning.jobs.pause(job.id)
    wait(job, "paused")
    assert client.fine_tuning.jobs.resume(job.id).status in ("queued", "running")
    wait(job, "running")
    client.fine_tuning.jobs.cancel(job.id)
    wait(job, "cancelled")


@check
def a_job_is_cancelled_once():
    job = create(upload(), epochs=400)
    client.fine_tuning.jobs.cancel(job.id)
    wait(job, "cancelled")
    expect(openai.BadRequestError, lambda: client.fine_tuning.jobs.cancel(job.id), status_code=400)
    expect(openai.BadRequestError, lambda: client.fine_tuning.jobs.resume(job.id), status_code=400)


@check
def a_marked_retry_makes_no_second_job():
    file = upload()
    body = {"model": options.model, "training_file": file.id, "suffix": "twice"}
    ids = [
        client.post(
            "/fine_tuning/jobs", body=body, cast_to=object, options={"headers": {"x-stainless-retry-count": retry}}
        )["id"]
        for retry in ("0", "1", "2")
    ]
    made_jobs.extend(ids)
    assert len(set(ids)) == 1, ids
    client.fine_tuning.jobs.cancel(ids[0])


@check
def a_wrong_token_is_an_authentication_error():
    if not options.token:
        return
    other = client.with_options(api_key="wrong")
    expect(openai.AuthenticationError, lambda: other.models.list(), status_code=401)


@check
def wrong_requests_are_bad_request_errors():
    file = upload()
    jobs = client.fine_tuning.jobs
    for body, param, word in [
        ({"strategy": {"learning_rat": 1}}, "strategy.learning_rat", "learning_rate"),
        ({"data": {"max_length": "long"}}, "data.max_length", "number"),
        ({"layers": {"train": "some"}}, "layers.train", "head"),
    ]:
        error = expect(
            openai.BadRequestError,
            lambda: jobs.create(model=options.model, training_file=file.id, extra_body=body),
            param=param,
        )
        assert word in error.message, error.message
        assert set(error.body) == {"message", "type", "param", "code"}, error.body
    error = expect(
        openai.BadRequestError,
        lambda: jobs.create(model=options.model[:-1], training_file=file.id),
        param="model",
    )
    assert options.model in error.message, error.message
    expect(
        openai.BadRequestError,
        lambda: jobs.create(model=options.model, training_file="file-none"),
        param="training_file",
    )


@check
def what_is_not_there_is_a_not_found_error():
    for call in (
        lambda: client.files.retrieve("file-none"),
        lambda: client.fine_tuning.jobs.retrieve("ftjob-none"),
        lambda: client.fine_tuning.jobs.list_events("ftjob-none"),
        lambda: client.models.retrieve("ft:none:org:suf/fix:abc"),
        lambda: client.chat.completions.create(model=options.model, messages=[{"role": "user", "content": "x"}]),
    ):
        expect(openai.NotFoundError, call, status_code=404)


@check
def texts_become_vectors():
    packed = client.embeddings.create(model=options.model, input=["I was charged twice", "thank you"])
    plain = client.embeddings.create(model=options.model, input="thank you", encoding_format="float")
    assert len(packed.data) == 2 and packed.usage.total_tokens > 0
    pairs = list(zip(packed.data[1].embedding, plain.data[0].embedding))
    assert len(pairs) > 1 and max(abs(a - b) for a, b in pairs) < 1e-5


@check
def a_model_is_deleted():
    name = finished().fine_tuned_model
    assert client.models.delete(name).deleted is True
    expect(openai.NotFoundError, lambda: client.models.retrieve(name), status_code=404)


def main():
    failed = 0
    for function in checks:
        start = time.monotonic()
        try:
            function()
            print(f"ok    {function.__name__} ({time.monotonic() - start:.2f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAIL  {function.__name__}", flush=True)
            traceback.print_exc()
    for identifier in made_jobs:
        try:
            client.fine_tuning.jobs.cancel(identifier)
        except openai.APIStatusError:
            pass  # it has ended
    for identifier in made_files:
        try:
            client.files.delete(identifier)
        except openai.APIStatusError:
            pass  # it is in use, or gone
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
