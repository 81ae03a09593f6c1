// One run: how far, how well, and what went wrong.

import { get, inTurn, jobPath } from "./api.js";
import { CheckpointsPanel } from "./checkpoints-panel.js";
import { el, onceAFrame, useStyle } from "./dom.js";
import { EvaluationPanel } from "./evaluation-panel.js";
import { EventsPanel } from "./events-panel.js";
import { restBetweenQuestions } from "./job-page.js";
import { isTerminal } from "./job.js";
import { JobHeader } from "./job-header.js";
import { LossPanel } from "./loss-panel.js";
import { ModelMap } from "./model-map.js";
import { notifyError } from "./notices.js";
import { TrainingHistory } from "./training-history.js";

const maxPoints = 4000;

/** The page of one run. */
export async function showRun(content, { id, signal, showConnection, kept }) {
    const history = new TrainingHistory();
    history.load(await get(jobPath(id, `/metrics?max_points=${maxPoints}`), { signal }));
    let foretold = null;
    const header = new JobHeader(id, history);
    const loss = new LossPanel(history, signal);
    const map = new ModelMap();
    const evaluation = new EvaluationPanel(history, loss.view, signal);
    const events = new EventsPanel(id, signal);
    const checkpoints = new CheckpointsPanel(kept.job, signal);
    const drawMap = () => map.update(kept.job, history.evaluations, foretold);
    // A small model takes hundreds of steps a second and ends several epochs. Ten pictures a second are live enough, and
    // leave the processor, where it is the same one, to the training.
    const drawMeasured = onceAFrame(() => {
        drawMap();
        evaluation.update(kept.job);
        loss.update();
    }, signal, 100);

    kept.show((job) => {
        header.update(job, (next) => kept.take(next));
        loss.describe({ live: job.status === "running", totalSteps: job.progress?.total_steps, best: job.best });
        drawMap();
        evaluation.update(job);
        loss.node.hidden = kept.isOver && history.length === 0;
        checkpoints.isOver = kept.isOver;
    });
    if (!kept.job.blocks?.length) {
        // Until the run says itself what it holds; a model that is gone has no card, and no map then.
        Promise.all([get(`/v1/models/${encodeURIComponent(kept.job.model)}/card`, { signal }), import("./forecast.js")]).then(([card, { foretoldBlocks }]) => {
            foretold = foretoldBlocks(card, kept.job.layers);
            drawMap();
        }, () => {});
    }
    await Promise.all([useStyle("model-map"), header.drawn]);
    content.append(header.node, loss.node, map.node, evaluation.node,
        el("div", { class: "columns" }, checkpoints.node, events.node), kept.settings);
    loss.update();
    Promise.all([events.load(), checkpoints.load()]).catch(notifyError);
    if (kept.isOver) return showConnection("ended");

    const listCheckpoints = inTurn(() => checkpoints.load().catch(notifyError), restBetweenQuestions);
    const clock = setInterval(() => { if (!kept.isOver) header.tick(); }, 1000);
    signal.addEventListener("abort", () => clearInterval(clock));
    let finished = false;
    import("./pace.js").then(({ Pace }) => { header.pace = new Pace(); }).catch(notifyError);
    import("./event-stream.js").then(({ follow }) => follow(jobPath(id, "/events?stream=true"), {
        lastEventID: history.lastSequence, signal,
        ended: () => finished,
        onState(state) {
            showConnection(state);
            if (state === "live" || state === "ended") kept.refresh();
        },
        onLost: (error) => notifyError(error, "The live events"),
        onEvent(type, event) {
            if (type === "metrics") {
                history.addPoint(event.data);
                header.measure(event.data);
                drawMeasured();
            } else if (type === "evaluation") {
                history.addEvaluation(event.data);
                drawMeasured();
                kept.refresh();
            } else if (type === "checkpoint") {
                listCheckpoints();
                kept.refresh();
            } else if (type === "status") {
                finished = isTerminal(event.data?.status);
                kept.refresh();
            }
            if (event.message) events.add(event);
        },
    })).catch(notifyError);
}
