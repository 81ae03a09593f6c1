// The loss of the jobs in the list.

import { get, jobPath } from "./api.js";
import { jobName } from "./job.js";
import { notifyError } from "./notices.js";

/** Fetches the loss of rows as they come into view, a few at a time. */
export class LossLoader {
    #waiting = [];
    #running = 0;

    constructor(signal) {
        this.signal = signal;
        this.observer = new IntersectionObserver((entries) => {
            for (const entry of entries.filter((each) => each.isIntersecting)) {
                this.observer.unobserve(entry.target);
                this.#waiting.push(entry.target.row);
            }
            this.#next();
        });
        signal.addEventListener("abort", () => this.observer.disconnect());
    }

    watch(row) {
        row.node.row = row;
        this.observer.observe(row.node);
    }

    async #next() {
        if (this.#running >= 3 || this.#waiting.length === 0 || this.signal.aborted) return;
        const row = this.#waiting.shift();
        this.#running += 1;
        try {
            if (row.job.progress || row.job.started_at) {
                const history = await get(jobPath(row.job.id, "/metrics?max_points=120"), { signal: this.signal });
                row.spark.load(history.train.step, history.train.train_loss);
                row.showProgress();
            }
        } catch (error) {
            notifyError(error, `The loss of ${jobName(row.job)}`);
        } finally {
            this.#running -= 1;
            this.#next();
        }
        this.#next();
    }
}
