// One job: a run, or a sweep that holds several.

import { get, jobPath } from "./api.js";

/** The page of one job. */
export async function showJob(content, context) {
    const job = await get(jobPath(context.id), { signal: context.signal });
    const show = job.trials ? (await import("./sweep-page.js")).showSweep : (await import("./run-page.js")).showRun;
    await show(content, context, job);
}
