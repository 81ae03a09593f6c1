-- Sweeps: a parent job that trains nothing, and the jobs that try its settings.
ALTER TABLE jobs ADD COLUMN sweep_json TEXT;                            -- of a parent, a Sweep
ALTER TABLE jobs ADD COLUMN parent_id TEXT REFERENCES jobs (id);        -- of a trial's job

CREATE INDEX jobs_of_sweep ON jobs (parent_id) WHERE parent_id IS NOT NULL;

-- The settings to be tried, fixed when the parent is created.
CREATE TABLE sweep_points (
    parent_id       TEXT NOT NULL REFERENCES jobs (id),
    number          INTEGER NOT NULL,
    parameters_json TEXT NOT NULL,                                      -- value by path
    recipe_json     TEXT NOT NULL,
    PRIMARY KEY (parent_id, number)
) STRICT, WITHOUT ROWID;

-- The jobs that try them; with halving, survivors are tried again in the next rung with more epochs.
CREATE TABLE sweep_trials (
    parent_id TEXT NOT NULL REFERENCES jobs (id),
    rung      INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    job_id    TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    value     REAL,                                                     -- the sweep's metric of the model that came out
    step      INTEGER,                                                  -- its checkpoint
    PRIMARY KEY (parent_id, rung, number),
    FOREIGN KEY (parent_id, number) REFERENCES sweep_points (parent_id, number),
    CHECK ((value IS NULL) = (step IS NULL))
) STRICT, WITHOUT ROWID;
