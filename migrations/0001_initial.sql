-- The first schema. Times are seconds since 1970. Columns named *_json hold the JSON text of a type of the domain.

-- Uploaded files and those that jobs put out. The content lies in files/<id>.
CREATE TABLE files (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,       -- the order of creation; lists are newest first
    id         TEXT NOT NULL UNIQUE,                    -- file-…
    bytes      INTEGER NOT NULL CHECK (bytes >= 0),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    filename   TEXT NOT NULL,                           -- the name it came with; never a path
    purpose    TEXT NOT NULL,
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT;

CREATE INDEX files_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

-- Fine-tuning jobs. Every change of the state is one UPDATE that names the state it comes from.
CREATE TABLE jobs (
    number           INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of creation
    id               TEXT NOT NULL UNIQUE,              -- ftjob-…
    created_at       INTEGER NOT NULL,
    started_at       INTEGER,                           -- of the first attempt
    finished_at      INTEGER,
    state            TEXT NOT NULL CHECK (
        state IN ('validating_files', 'queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled')
    ),
    attempt          INTEGER NOT NULL DEFAULT 0,        -- rises with every start; fences off stale workers
    faults           INTEGER NOT NULL DEFAULT 0,        -- attempts that ended by a fault of the machine
    stalled_faults   INTEGER NOT NULL DEFAULT 0,        -- those since the last checkpoint that was new
    memory_faults    INTEGER NOT NULL DEFAULT 0,        -- those of them by lack of memory
    fault_step       INTEGER NOT NULL DEFAULT 0,        -- the newest checkpoint at the last fault
    intent           TEXT CHECK (intent IN ('cancel', 'pause')),    -- asked for, not yet done
    priority         INTEGER NOT NULL DEFAULT 0,
    recipe_json      TEXT NOT NULL,
    training_file    TEXT NOT NULL,                     -- no foreign key: a file may go once the job is over
    validation_file  TEXT,
    suffix           TEXT,
    metadata_json    TEXT NOT NULL DEFAULT '{}',
    error_json       TEXT,
    fine_tuned_model TEXT,
    trained_tokens   INTEGER,
    result_files_json TEXT NOT NULL DEFAULT '[]',

    -- How far it is.
    step               INTEGER,
    total_steps        INTEGER,
    epoch              REAL,
    samples_per_second REAL,
    best_metric        TEXT,
    best_value         REAL,
    best_step          INTEGER,

    -- How far the journal of the present attempt is taken in, in bytes; moved in the transaction that takes it in.
    journal_attempt INTEGER NOT NULL DEFAULT 0,
    journal_offset  INTEGER NOT NULL DEFAULT 0,

    -- By what a repeated creation is recognised.
    creator         TEXT NOT NULL DEFAULT '',           -- the token's id
    idempotency_key TEXT,
    request_digest  TEXT,

    CHECK ((finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled'))),
    CHECK (intent IS NULL OR state = 'running'),
    CHECK (state <> 'running' OR attempt >= 1),
    CHECK (state <> 'succeeded' OR fine_tuned_model IS NOT NULL),
    CHECK (state <> 'failed' OR error_json IS NOT NULL),
    CHECK ((step IS NULL) = (total_steps IS NULL) AND (step IS NULL) = (epoch IS NULL)),
    CHECK ((best_metric IS NULL) = (best_value IS NULL) AND (best_metric IS NULL) = (best_step IS NULL))
) STRICT;

-- The queue, in the order in which it is served.
CREATE INDEX jobs_queue ON jobs (priority DESC, number) WHERE state = 'queued';
CREATE INDEX jobs_unfinished ON jobs (state) WHERE state IN ('validating_files', 'queued', 'running', 'paused');
CREATE UNIQUE INDEX jobs_idempotency ON jobs (creator, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_repetition ON jobs (creator, request_digest, created_at) WHERE request_digest IS NOT NULL;

-- All that happened, in one order over all jobs. Numbers are never used twice and have no gaps.
CREATE TABLE events (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    created_at INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('status', 'metrics', 'evaluation', 'checkpoint', 'message')),
    level      TEXT NOT NULL CHECK (level IN ('info', 'warn', 'error')),
    message    TEXT NOT NULL,
    data_json  TEXT NOT NULL
) STRICT;

CREATE INDEX events_of_job ON events (job_id, seq);

-- One row an optimizer step. A resumed run repeats steps with the same values; the first row stays.
CREATE TABLE metrics (
    job_id             TEXT NOT NULL REFERENCES jobs (id),
    step               INTEGER NOT NULL,
    seq                INTEGER NOT NULL,                -- of the event
    total_steps        INTEGER NOT NULL,
    epoch              REAL NOT NULL,
    train_loss         REAL NOT NULL,
    train_accuracy     REAL,
    learning_rate      REAL NOT NULL,
    grad_norm          REAL NOT NULL,
    samples_per_second REAL NOT NULL,
    tokens             INTEGER NOT NULL,
    PRIMARY KEY (job_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
    job_id          TEXT NOT NULL REFERENCES jobs (id),
    step            INTEGER NOT NULL,
    seq             INTEGER NOT NULL,                   -- of the event
    evaluation_json TEXT NOT NULL,
    PRIMARY KEY (job_id, step)
) STRICT, WITHOUT ROWID;

-- The checkpoints that are on the disk.
CREATE TABLE checkpoints (
    id         TEXT PRIMARY KEY NOT NULL,               -- ftckpt_…
    job_id     TEXT NOT NULL REFERENCES jobs (id),
    step       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    directory  TEXT NOT NULL,                           -- relative to the job's directory
    files_json TEXT NOT NULL,                           -- names, sizes and hashes
    is_best    INTEGER NOT NULL CHECK (is_best IN (0, 1)),
    UNIQUE (job_id, step)
) STRICT, WITHOUT ROWID;

-- Fine-tuned models. Pretrained ones are directories in models/ and have no row.
CREATE TABLE models (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE,                   -- ft:…
    job_id      TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    parent      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    directory   TEXT NOT NULL,                          -- relative to the data directory
    task        TEXT NOT NULL,
    labels_json TEXT NOT NULL
) STRICT;

-- Who may use the API. Only hashes are kept.
CREATE TABLE tokens (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    sha256       BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    scopes       TEXT NOT NULL,                         -- separated by spaces
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;
