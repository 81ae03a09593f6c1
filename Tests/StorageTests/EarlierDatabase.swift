import Foundation
import SQLite
import Storage

/// A data directory as an earlier version of the program left it: migrated up to a level, with rows in every table.
struct EarlierDatabase {
    /// The migrations that there are.
    static let levels: ClosedRange<Int> = 1...((try? migrations().count) ?? 0)

    private static func migrations() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Fixture.migrations).filter { $0.hasSuffix(".sql") }.sorted()
    }

    /// The directory, whose database has the first `level` migrations.
    let path: String
    /// The folder with the migrations of that version.
    let migrations: String

    /// Makes the database at a level and fills it with what that version wrote.
    init(level: Int, in fixture: Fixture) throws {
        path = fixture.path
        migrations = "\(fixture.path)/earlier-migrations"
        try FileManager.default.createDirectory(atPath: migrations, withIntermediateDirectories: true)
        for name in try Self.migrations().prefix(level) {
            try FileManager.default.copyItem(atPath: "\(Fixture.migrations)/\(name)", toPath: "\(migrations)/\(name)")
        }
        let connection = try open()
        try Migrator(directory: migrations).migrate(connection)
        try connection.execute(Self.rows(level))
    }

    /// A connection to the database file.
    func open() throws -> Connection { try Connection(path: "\(path)/finetuned.sqlite") }

    /// The schema and every value of every table.
    func contents() throws -> [String] {
        let connection = try open()
        let schema = try connection.query("SELECT name, sql FROM sqlite_schema ORDER BY name, sql") { row in
            (name: try row[0] as String, sql: try row[1] as String?)
        }
        let tables = try connection.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
            row -> String in try row[0]
        }
        let rows = try tables.flatMap { table in
            let columns = try connection.query("SELECT name FROM pragma_table_info('\(table)')") {
                row -> String in try row[0]
            }
            let values = columns.map { "quote(\($0))" }.joined(separator: " || ', ' || ")
            return try connection.query("SELECT \(values) FROM \(table) ORDER BY 1") {
                row -> String in "\(table): \(try row[0] as String)"
            }
        }
        return schema.map { "\($0.name): \($0.sql ?? "")" } + rows
    }

    /// What the first version wrote for a recipe, and every later one reads.
    private static let recipe = """
        {"model":"m","seed":7,"hyperparameters":{"n_epochs":3,"batch_size":16,"learning_rate_multiplier":1},\
        "task":{"type":"text-classification","head":{"hidden_sizes":[],"dropout":null,"pooling":"auto"},\
        "labels":["a","b"],"head_init":"auto"},"layers":{"train":"all"},"strategy":{"optimizer":{"type":"adamw",\
        "betas":[0.9,0.999],"epsilon":1e-08},"learning_rate":5e-05,"schedule":"linear","warmup_ratio":0.06,\
        "weight_decay":0.01,"max_grad_norm":1,"dropout":null,"label_smoothing":0,"early_stopping":null,"keep":"best",\
        "evaluate_every":"epoch","checkpoint_every":"epoch","keep_checkpoints":2},"data":{"fields":{"text":"text",\
        "text_pair":null,"label":"label"},"max_length":128,"validation_split":0.1,"shuffle":true},\
        "resources":{"threads":1,"priority":0}}
        """

    /// What the first version wrote for an evaluation, before there were `metrics`.
    private static let evaluation = """
        {"step":2,"epoch":1,"split":"validation","valid_loss":0.5,"accuracy":0.75,"macro_f1":0.7,"labels":["a","b"],\
        "confusion_matrix":[[2,0],[1,1]],"per_class":[{"label":"a","precision":0.67,"recall":1,"f1":0.8,"support":2},\
        {"label":"b","precision":1,"recall":0.5,"f1":0.67,"support":2}]}
        """

    private static func rows(_ level: Int) -> String {
        let sums = String(repeating: "a", count: 64)
        var sql = """
            INSERT INTO files (id, bytes, created_at, expires_at, filename, purpose, sha256) VALUES
                ('file-one', 5, 1700000000, NULL, 'a.jsonl', 'fine-tune', '\(sums)'),
                ('file-two', 9, 1700000001, 1800000000, 'step_metrics.csv', 'fine-tune-results', '\(sums)');
            INSERT INTO jobs (id, created_at, started_at, finished_at, state, attempt, recipe_json, training_file,
                suffix, metadata_json, fine_tuned_model, trained_tokens, result_files_json, step, total_steps, epoch,
                samples_per_second, best_metric, best_value, best_step, creator, idempotency_key, request_digest) VALUES
                ('ftjob-succeeded', 1700000002, 1700000003, 1700000004, 'succeeded', 1, '\(recipe)', 'file-one', 's',
                    '{"team":"x"}', 'ft:m:local:s:ucceeded', 200, '["file-two"]', 2, 2, 3, 20.5, 'valid_loss', 0.5, 2,
                    'fttok-one', 'key', 'digest');
            INSERT INTO jobs (id, created_at, state, attempt, recipe_json, training_file) VALUES
                ('ftjob-waiting', 1700000005, 'queued', 0, '\(recipe)', 'file-one'),
                ('ftjob-stopped', 1700000006, 'paused', 2, '\(recipe)', 'file-one');
            INSERT INTO jobs (id, created_at, finished_at, state, recipe_json, training_file, error_json) VALUES
                ('ftjob-failed', 1700000007, 1700000008, 'failed', '\(recipe)', 'file-one',
                    '{"code":"invalid_training_file","message":"line 3","param":"training_file"}');
            INSERT INTO events (job_id, created_at, kind, level, message, data_json) VALUES
                ('ftjob-succeeded', 1700000002, 'status', 'info', 'Created', '{"status":"validating_files"}'),
                ('ftjob-succeeded', 1700000003, 'metrics', 'info', 'Step 2/2', '{"step":2,"total_steps":2,"epoch":3,\
                "train_loss":0.25,"train_accuracy":null,"learning_rate":1e-05,"grad_norm":1.5,"samples_per_second":20.5,\
                "tokens":200}'),
                ('ftjob-succeeded', 1700000003, 'evaluation', 'info', 'Step 2', '\(evaluation)');
            INSERT INTO metrics VALUES ('ftjob-succeeded', 2, 2, 2, 3.0, 0.25, NULL, 1e-5, 1.5, 20.5, 200);
            INSERT INTO evaluations VALUES ('ftjob-succeeded', 2, 3, '\(evaluation)');
            INSERT INTO checkpoints VALUES ('ftckpt_one', 'ftjob-succeeded', 2, 1700000004, 'checkpoints/step-000002',
                '[{"name":"model.safetensors","bytes":9,"sha256":"\(sums)"}]', 1);
            INSERT INTO models (name, job_id, parent, created_at, directory, task, labels_json) VALUES
                ('ft:m:local:s:ucceeded', 'ftjob-succeeded', 'm', 1700000004,
                    'runs/ftjob-succeeded/checkpoints/step-000002', 'text-classification', '["a","b"]');
            INSERT INTO tokens (id, name, sha256, scopes, created_at) VALUES ('fttok-one', 'ci',
                X'\(secretHash)', 'submit', 1700000000);

            """
        if level >= 2 { sql += "UPDATE jobs SET memory_bytes = 1000 WHERE id = 'ftjob-waiting';\n" }
        if level >= 3 {
            sql += """
                UPDATE jobs SET estimate_json = '{"total_steps":2,"tokens":200,"seconds":1.5,"peak_memory_bytes":9000,\
                "disk_bytes":90}', training_seconds = 2.5, peak_memory_bytes = 8000, has_ledger = 1,
                blocks_json = '[{"block":"embeddings","parameters":10,"trainable":10}]' WHERE id = 'ftjob-succeeded';

                """
        }
        if level >= 4 {
            sql += """
                INSERT INTO jobs (id, created_at, started_at, state, attempt, recipe_json, training_file, sweep_json)
                    VALUES ('ftjob-sweep', 1700000009, 1700000009, 'running', 1, '\(recipe)', 'file-one',
                    '{"method":"grid","parameters":{"seed":[1]},"trials":null,"halving":null,"metric":"valid_loss"}');
                INSERT INTO jobs (id, created_at, state, recipe_json, training_file, parent_id)
                    VALUES ('ftjob-trial', 1700000009, 'paused', '\(recipe)', 'file-one', 'ftjob-sweep');
                INSERT INTO sweep_points VALUES ('ftjob-sweep', 0, '{"seed":1}', '\(recipe)');
                INSERT INTO sweep_trials VALUES ('ftjob-sweep', 0, 0, 'ftjob-trial', NULL, NULL);

                """
        }
        if level >= 5 {
            sql += """
                UPDATE tokens SET max_queued = 9, max_running = 2, max_bytes = 1000;
                UPDATE files SET creator = 'fttok-one' WHERE id = 'file-one';
                INSERT INTO audit (created_at, actor, actor_name, address, action, subject, outcome) VALUES
                    (1700000000, 'operator', NULL, NULL, 'token.create', 'fttok-one', 'done');

                """
        }
        return sql
    }

    /// The token whose hash is stored, and its SHA-256.
    static let secret = "ft-earlier"
    private static let secretHash = "745457961aa585eca00a281fa68b7575139aca200987980731c3683b01208a10"
}
