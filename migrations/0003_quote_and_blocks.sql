-- What was predicted of a job and what it took; the parameters of each block of its network; its ledger of losses.
ALTER TABLE jobs ADD COLUMN estimate_json TEXT;                     -- an Estimate; NULL where none could be made
ALTER TABLE jobs ADD COLUMN training_seconds REAL;                  -- over all attempts, from start to last journal line
ALTER TABLE jobs ADD COLUMN seconds_before REAL NOT NULL DEFAULT 0; -- those of the attempts before the present one
ALTER TABLE jobs ADD COLUMN began_at REAL;                          -- when training began in the present attempt
ALTER TABLE jobs ADD COLUMN peak_memory_bytes INTEGER CHECK (peak_memory_bytes >= 0);
ALTER TABLE jobs ADD COLUMN blocks_json TEXT;                       -- from the embeddings to the head
ALTER TABLE jobs ADD COLUMN has_ledger INTEGER NOT NULL DEFAULT 0 CHECK (has_ledger IN (0, 1));
