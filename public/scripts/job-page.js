// One job: a run, or a sweep that holds several.

import { get, inTurn, jobPath } from "./api.js";
import { announce, el, whenNear } from "./dom.js";
import { isTerminal, jobName, stateNames } from "./job.js";
import { notifyError } from "./notices.js";

/** Milliseconds between two questions to the server about what changes with every epoch; some take but a few of these. */
export const restBetweenQuestions = 500;

/** The page of one job. */
export async function showJob(content, context) {
    const job = await get(jobPath(context.id), { signal: context.signal });
    const show = job.trials ? (await import("./sweep-page.js")).showSweep : (await import("./run-page.js")).showRun;
    await show(content, { ...context, kept: new KeptJob(job, content, context) });
}

/** A job as the server last told of it, with what every page of a job does when that changes. */
class KeptJob {
    #show = () => {};

    constructor(job, content, { id, signal, title }) {
        Object.assign(this, { job, content, title });
        /** Asks for the job as it stands now. */
        this.refresh = inTurn(() => get(jobPath(id), { signal }).then((next) => this.take(next)).catch(notifyError), restBetweenQuestions);
        /** Its settings as JSON, which are made when somebody comes near to them. */
        this.settings = el("div", { class: "later" });
        whenNear(this.settings, signal, () => import("./recipe-panel.js").then(({ recipePanel }) => this.settings.append(recipePanel(this.job)), notifyError));
    }

    /** Whether nothing more will happen to it. */
    get isOver() {
        return isTerminal(this.job.status);
    }

    /** Has `show` called with the job, now and whenever it has changed. */
    show(show) {
        this.#show = show;
        this.take(this.job);
    }

    /** Takes what the server says now. */
    take(next) {
        const before = this.job.status;
        // The answer to an older question may come last; nothing follows an end.
        if (this.isOver && !isTerminal(next.status)) return;
        this.job = next;
        const state = stateNames[next.status] ?? next.status;
        this.title(`${state}: ${jobName(next)}`);
        this.#show(next);
        this.content.dataset.state = next.status;
        if (before !== next.status) announce(`${next.trials ? "Sweep" : "Job"} ${jobName(next)}: ${state}`);
    }
}
