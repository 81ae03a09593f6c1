internal import FineTuning
internal import JSON
internal import SQLite

/// The trials of a sweep as the database holds them.
enum SweepTrials {
    /// All of them, in the order of rungs and settings.
    static func read(_ parentID: String, _ connection: Connection) throws -> [Trial] {
        try connection.query(
            """
            SELECT trial.number, trial.rung, trial.job_id, point.parameters_json, job.state, trial.value,
                COALESCE(trial.step, job.step) AS step,
                json_extract(job.recipe_json, '$.hyperparameters.n_epochs') AS epochs
            FROM sweep_trials AS trial
            JOIN sweep_points AS point ON point.parent_id = trial.parent_id AND point.number = trial.number
            JOIN jobs AS job ON job.id = trial.job_id
            WHERE trial.parent_id = ?
            ORDER BY trial.rung, trial.number
            """, parentID
        ) { row in
            Trial(
                number: try row["number"], rung: try row["rung"], jobID: try row["job_id"],
                parameters: try row.json("parameters_json") { $0.value.object ?? JSONObject() },
                state: try row.choice("state"), epochs: try row["epochs"], value: try row["value"],
                step: try row["step"])
        }
    }
}
