// A sweep: one request, many runs.

import { get, inTurn, jobPath } from "./api.js";
import { announce, el, useStyle, whenNear } from "./dom.js";
import { EventsPanel } from "./events-panel.js";
import { follow } from "./event-stream.js";
import { isTerminal, jobName, stateNames } from "./job.js";
import { JobHeader } from "./job-header.js";
import { notifyError } from "./notices.js";
import { SweepPanel } from "./sweep-panel.js";
import { TrainingHistory } from "./training-history.js";

/** The page of a sweep. */
export async function showSweep(content, { id, signal, showConnection, title }, first) {
    let job = first;
    const header = new JobHeader(id, new TrainingHistory());
    const trials = new SweepPanel(first);
    const events = new EventsPanel(id, signal);
    const settings = el("div", { class: "later" });
    const showState = (next) => {
        const before = job.status;
        if (isTerminal(before) && !isTerminal(next.status)) return;
        job = next;
        title(`${stateNames[job.status] ?? job.status}: ${jobName(job)}`);
        header.update(job, showState);
        trials.update(job);
        content.dataset.state = job.status;
        if (before !== job.status) announce(`Sweep ${jobName(job)}: ${stateNames[job.status] ?? job.status}`);
    };
    showState(first);
    await useStyle("sweep");
    content.append(header.node, trials.node, events.node, settings);
    whenNear(settings, signal, () => import("./recipe-panel.js").then(({ recipePanel }) => settings.append(recipePanel(job)), notifyError));
    events.load().catch(notifyError);
    if (isTerminal(job.status)) return showConnection("ended");
    const refresh = inTurn(() => get(jobPath(id), { signal }).then(showState).catch(notifyError));
    follow("/v1/events", {
        signal,
        onState(state) {
            showConnection(state);
            if (state === "live") refresh();
        },
        onLost: (error) => notifyError(error, "The live events"),
        onEvent(type, event) {
            const isOwn = event.job_id === id;
            if (isOwn && event.message) events.add(event);
            if (type !== "metrics" && (isOwn || job.trials.some((trial) => trial.job_id === event.job_id))) refresh();
        },
    });
}
