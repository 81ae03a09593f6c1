// What a job has measured so far: history by columns, then event by event.

const columns = ["step", "epoch", "train_loss", "train_accuracy", "learning_rate", "grad_norm", "samples_per_second"];

/** An evaluation with its metrics by name; those of older versions had but two. */
function withMetrics(evaluation) {
    if (evaluation.metrics) return evaluation;
    const { accuracy, macro_f1 } = evaluation;
    return { ...evaluation, metrics: { accuracy, macro_f1 } };
}

/** The measured curve of one job. Steps rise strictly; a run resumed from a checkpoint overwrites what follows it. */
export class TrainingHistory {
    train = Object.fromEntries(columns.map((name) => [name, []]));
    evaluations = [];
    lastSequence = "";

    /** Points of training known. */
    get length() {
        return this.train.step.length;
    }

    /** Takes the answer of GET …/metrics as the whole truth. */
    load(answer) {
        for (const name of columns) this.train[name] = answer.train[name] ?? [];
        this.evaluations = (answer.evaluations ?? []).map(withMetrics);
        this.lastSequence = answer.last_seq ?? "";
    }

    /** Adds the data of a metrics event. */
    addPoint(data) {
        while (this.length > 0 && this.train.step.at(-1) >= data.step) for (const name of columns) this.train[name].pop();
        for (const name of columns) this.train[name].push(data[name] ?? null);
    }

    /** Adds the data of an evaluation event. */
    addEvaluation(data) {
        this.evaluations = [...this.evaluations.filter((known) => known.step < data.step), withMetrics(data)];
    }

    /** A column's newest value, or null. */
    latest(name) {
        return this.train[name].at(-1) ?? null;
    }

    /** The steps at which a new epoch began. */
    epochStarts() {
        const { step, epoch } = this.train;
        const starts = [];
        for (let i = 1; i < step.length; i += 1) {
            if (Math.ceil(epoch[i]) > Math.ceil(epoch[i - 1])) starts.push(step[i - 1]);
        }
        return starts;
    }
}

/**
 * An exponential moving average without the pull of its first value; `weight` (0…1) is what a step keeps of the past.
 * Gaps in `x` count as so many steps, so that a thinned curve is smoothed like the full one.
 */
export function smooth(x, y, weight) {
    const out = new Array(y.length);
    let sum = 0, total = 0, previous = x[0];
    for (let i = 0; i < y.length; i += 1) {
        if (y[i] === null || !Number.isFinite(y[i])) { out[i] = null; continue; }
        const keep = weight ** Math.max(1, x[i] - previous);
        previous = x[i];
        sum = sum * keep + y[i] * (1 - keep);
        total = total * keep + (1 - keep);
        out[i] = total > 0 ? sum / total : y[i];
    }
    return out;
}
