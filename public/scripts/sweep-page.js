// A sweep: one request, many runs.

import { useStyle } from "./dom.js";
import { EventsPanel } from "./events-panel.js";
import { isTerminal } from "./job.js";
import { JobHeader } from "./job-header.js";
import { notifyError } from "./notices.js";
import { SweepPanel } from "./sweep-panel.js";
import { TrainingHistory } from "./training-history.js";

/** The page of a sweep. */
export async function showSweep(content, { id, signal, showConnection, kept }) {
    const header = new JobHeader(id, new TrainingHistory());
    const trials = new SweepPanel(kept.job);
    const events = new EventsPanel(id, signal);
    kept.show((job) => {
        // How far it is, in trials.
        const ended = job.trials.filter((trial) => isTerminal(trial.status)).length;
        header.update({ ...job, progress: { step: ended, total_steps: job.trials.length } }, (next) => kept.take(next));
        trials.update(job);
    });
    await Promise.all([useStyle("sweep"), header.drawn]);
    content.append(header.node, trials.node, events.node, kept.settings);
    events.load().catch(notifyError);
    if (kept.isOver) return showConnection("ended");
    import("./event-stream.js").then(({ follow }) => follow("/v1/events", {
        signal,
        onState(state) {
            showConnection(state);
            if (state === "live") kept.refresh();
        },
        onLost: (error) => notifyError(error, "The live events"),
        onEvent(type, event) {
            const isOwn = event.job_id === id;
            if (isOwn && event.message) events.add(event);
            if (type !== "metrics" && (isOwn || kept.job.trials.some((trial) => trial.job_id === event.job_id))) kept.refresh();
        },
    })).catch(notifyError);
}
