// Pointing at steps of a chart, marking a range to see more of it, and turning the wheel to zoom.

import { nearest } from "./scale.js";

/** Has a chart obey the pointer; `entering` is the event that told of it. */
export function listen(chart, entering) {
    const { canvas, view } = chart;
    const pixel = (event) => event.clientX - canvas.getBoundingClientRect().left;
    const step = (at) => {
        const x = chart.series[0]?.x ?? [];
        const i = nearest(x, chart.x.invert(at));
        return i < 0 ? null : x[i];
    };
    const move = (event) => {
        if (!chart.x) return;
        if (chart.drag) {
            chart.drag.to = Math.min(chart.box.right, Math.max(chart.box.left, pixel(event)));
            chart.invalidate();
        } else view.point(step(pixel(event)));
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerleave", () => { if (!chart.drag) view.point(null); });
    canvas.addEventListener("pointerdown", (event) => {
        if (!chart.x || event.button !== 0 || event.pointerType === "touch") return;
        canvas.setPointerCapture(event.pointerId);
        chart.drag = { from: pixel(event), to: pixel(event) };
    });
    canvas.addEventListener("pointerup", () => {
        const { drag } = chart;
        chart.drag = null;
        if (drag && Math.abs(drag.to - drag.from) > 8) {
            view.zoom([drag.from, drag.to].sort((p, q) => p - q).map((at) => chart.x.invert(at)));
        } else chart.invalidate();
    });
    canvas.addEventListener("pointercancel", () => { chart.drag = null; chart.invalidate(); });
    canvas.addEventListener("dblclick", () => view.zoom(null));
    canvas.addEventListener("wheel", (event) => {
        if (!event.ctrlKey || !chart.x) return;
        event.preventDefault();
        chart.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, chart.x.invert(pixel(event)));
    }, { passive: false });
    if (canvas.matches(":hover")) move(entering);
}
