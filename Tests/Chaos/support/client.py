"""A client of the API, without any package."""

import hashlib
import http.client
import json
import time
import uuid

JOBS = "/v1/fine_tuning/jobs"
TERMINAL = {"succeeded", "failed", "cancelled"}
WORDS = {
    "billing": ["invoice", "refund", "charged", "payment"],
    "bug": ["crash", "error", "freezes", "broken"],
    "delivery": ["parcel", "courier", "tracking", "late"],
}


class Refused(Exception):
    """An answer other than 2xx."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body[:300]!r}")
        self.status = status
        self.body = body

    @property
    def message(self):
        return json.loads(self.body)["error"]["message"]


def messages(count=48, mark=""):
    """Lines of JSON that the tiny model can learn; `mark` makes a file unlike others."""
    labels = sorted(WORDS)
    lines = []
    for index in range(count):
        label = labels[index % len(labels)]
        own = WORDS[label]
        first, second = own[index // 3 % 4], own[(index // 7 + 1) % 4]
        lines.append(json.dumps({"text": f"the {first} and the {second}, number {index}{mark}", "label": label}))
    return "".join(line + "\n" for line in lines).encode()


class Client:
    """Sends each request on a connection of its own, so that none outlives a daemon that was killed."""

    def __init__(self, port, timeout=30):
        self.port = port
        self.timeout = timeout

    def send(self, method, path, body=None, headers=None):
        """The body of an answer of 2xx.

        Raises `Refused` for any other answer; `OSError` or `http.client.HTTPException` where none came.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise Refused(answer.status, content)
        return content

    def get(self, path):
        return json.loads(self.send("GET", path))

    def post(self, path, value=None, **headers):
        names = {name.replace("_", "-"): text for name, text in headers.items()}
        body = json.dumps(value if value is not None else {})
        return json.loads(self.send("POST", path, body, {"Content-Type": "application/json", **names}))

    def list(self, path):
        """All elements of a list, over all of its pages."""
        elements = []
        while True:
            after = f"&after={elements[-1]['id']}" if elements else ""
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=1000{after}")
            elements += page["data"]
            if not page["has_more"]:
                return elements

    def upload(self, content, name="messages.jsonl"):
        """Uploads a file; its identifier."""
        edge = uuid.uuid4().hex
        form = (
            f'--{edge}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        body = form + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return json.loads(self.send("POST", "/v1/files", body, kind))["id"]

    def digest(self, file):
        """The SHA-256 of a file's content, as it is sent."""
        return hashlib.sha256(self.send("GET", f"/v1/files/{file}/content")).hexdigest()

    def create_job(self, file, epochs=4, every=6, key=None, **more):
        """Creates a job of 36 examples in steps of 8; its identifier."""
        headers = {"Idempotency_Key": key} if key else {}
        hyperparameters = {"n_epochs": epochs, "batch_size": 8}
        job = {
            "model": "tiny-bert", "training_file": file, "seed": 7, "suffix": "chaos",
            "method": {"type": "supervised", "supervised": {"hyperparameters": hyperparameters}},
            "strategy": {
                "learning_rate": 0.003, "checkpoint_every": {"steps": every}, "evaluate_every": {"steps": every},
            },
            "data": {"max_length": 24, "validation_split": 0.25},
        }
        return self.post(JOBS, {**job, **more}, **headers)["id"]

    def job(self, job):
        return self.get(f"{JOBS}/{job}")

    def cancel(self, job):
        return self.post(f"{JOBS}/{job}/cancel")

    def curve(self, job):
        """The training curve: steps and losses."""
        train = self.get(f"{JOBS}/{job}/metrics?max_points=100000")["train"]
        return list(zip(train["step"], train["train_loss"]))

    def wait(self, job, until, seconds=60):
        """Waits until a job is as `until` wants it; the job."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.job(job)
            if until(value):
                return value
            if time.monotonic() > deadline or value["status"] in TERMINAL:
                raise TimeoutError(f"the job is not as it should be: {summary(value)}")
            time.sleep(0.01)

    def finished(self, job, seconds=60):
        """Waits until a job is over; the job."""
        return self.wait(job, lambda value: value["status"] in TERMINAL, seconds)

    def at_step(self, job, step, seconds=60):
        """Waits until a job has made so many steps, and is not over."""
        return self.wait(job, lambda value: (value["progress"] or {}).get("step", 0) >= step, seconds)


def summary(job):
    """What of a job tells why it is not as it should be."""
    return {name: job.get(name) for name in ["id", "status", "attempt", "progress", "error"]}
