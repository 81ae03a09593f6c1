// One run: how far, how well, and what went wrong.

import { get, inTurn, jobPath } from "./api.js";
import { CheckpointsPanel } from "./checkpoints-panel.js";
import { announce, el, useStyle, whenNear } from "./dom.js";
import { EvaluationPanel } from "./evaluation-panel.js";
import { EventsPanel } from "./events-panel.js";
import { follow } from "./event-stream.js";
import { isTerminal, jobName, stateNames } from "./job.js";
import { JobHeader } from "./job-header.js";
import { LossPanel } from "./loss-panel.js";
import { ModelMap } from "./model-map.js";
import { notifyError } from "./notices.js";
import { TrainingHistory } from "./training-history.js";

const maxPoints = 4000;

/** The page of one run. */
export async function showRun(content, { id, signal, showConnection, title }, first) {
    const history = new TrainingHistory();
    history.load(await get(jobPath(id, `/metrics?max_points=${maxPoints}`), { signal }));
    let job = first;
    let card = null;
    const header = new JobHeader(id, history);
    const loss = new LossPanel(history, signal);
    const map = new ModelMap();
    const evaluation = new EvaluationPanel(history, loss.view, signal);
    const events = new EventsPanel(id, signal);
    const checkpoints = new CheckpointsPanel(first, signal);
    const settings = el("div", { class: "later" });

    const showState = (next) => {
        const before = job.status;
        // The answer to an older question may come last; nothing follows an end.
        if (isTerminal(before) && !isTerminal(next.status)) return;
        job = next;
        title(`${stateNames[job.status] ?? job.status}: ${jobName(job)}`);
        header.update(job, showState);
        loss.describe({ live: job.status === "running", totalSteps: job.progress?.total_steps, best: job.best });
        map.update(job, history.evaluations, card);
        evaluation.update(job);
        loss.node.hidden = isTerminal(job.status) && history.length === 0;
        checkpoints.isOver = isTerminal(job.status);
        if (before !== job.status) announce(`Job ${jobName(job)}: ${stateNames[job.status] ?? job.status}`);
        content.dataset.state = job.status;
    };
    showState(first);
    if (!job.blocks?.length) {
        // Until the run says itself what it holds; a model that is gone has no card, and no map then.
        get(`/v1/models/${encodeURIComponent(job.model)}/card`, { signal }).then((answer) => {
            card = answer;
            map.update(job, history.evaluations, card);
        }, () => {});
    }
    await useStyle("model-map");
    content.append(header.node, loss.node, map.node, evaluation.node,
        el("div", { class: "columns" }, checkpoints.node, events.node), settings);
    loss.update();
    whenNear(settings, signal, () => import("./recipe-panel.js").then(({ recipePanel }) => settings.append(recipePanel(job)), notifyError));
    Promise.all([events.load(), checkpoints.load()]).catch(notifyError);

    const refresh = inTurn(() => get(jobPath(id), { signal }).then(showState).catch(notifyError));
    const listCheckpoints = inTurn(() => checkpoints.load().catch(notifyError));
    const clock = setInterval(() => { if (!isTerminal(job.status)) header.tick(); }, 1000);
    signal.addEventListener("abort", () => clearInterval(clock));
    if (isTerminal(job.status)) return showConnection("ended");

    let finished = false;
    follow(jobPath(id, "/events?stream=true"), {
        lastEventID: history.lastSequence, signal,
        ended: () => finished,
        onState(state) {
            showConnection(state);
            if (state === "live" || state === "ended") refresh();
        },
        onLost: (error) => notifyError(error, "The live events"),
        onEvent(type, event) {
            if (type === "metrics") {
                history.addPoint(event.data);
                header.measure(event.data);
                map.update(job, history.evaluations, card);
                loss.update();
            } else if (type === "evaluation") {
                history.addEvaluation(event.data);
                map.update(job, history.evaluations, card);
                evaluation.update(job);
                loss.update();
                refresh();
            } else if (type === "checkpoint") {
                listCheckpoints();
                refresh();
            } else if (type === "status") {
                finished = isTerminal(event.data?.status);
                refresh();
            }
            if (event.message) events.add(event);
        },
    });
}
