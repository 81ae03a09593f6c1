// Line charts on a canvas, sharp at any device pixel ratio; long series are drawn as minimum and maximum a pixel column.

import { el, onceAFrame } from "./dom.js";
import { number } from "./format.js";
import { Scale, logTicks, lowerBound, nearest, ticks } from "./scale.js";

const theme = matchMedia("(prefers-color-scheme: dark)");

/**
 * One chart. Series: {name, x, y, color (a custom property), kind: "line"|"faint"|"points", width}.
 * Marks: {x, y, text, color}. `bounds` may fix the lowest and the highest y.
 */
export class Chart {
    series = [];
    marks = [];
    dividers = [];
    log = false;
    live = false;
    extent = null;
    chosen = null;  // the x whose point is drawn larger
    drag = null;    // {from, to}: the pixels that a pointer has marked so far

    constructor({ label, view, compact = false, bounds = {}, format = number, signal }) {
        Object.assign(this, { label, view, compact, bounds, format });
        this.canvas = el("canvas", { role: "img", "aria-label": label });
        this.node = el("div", { class: compact ? "plot plot-compact" : "plot" }, this.canvas);
        /** Draws at the next frame. */
        this.invalidate = onceAFrame(() => this.#draw(), signal);
        const observer = new ResizeObserver(this.invalidate);
        observer.observe(this.node);
        theme.addEventListener("change", this.invalidate, { signal });
        view.addEventListener("change", this.invalidate, { signal });
        signal.addEventListener("abort", () => observer.disconnect());
        // What a pointer does with it is loaded when one comes.
        this.canvas.addEventListener("pointerenter", (event) => {
            import("./chart-pointer.js").then(({ listen }) => listen(this, event)).catch(reportError);
        }, { once: true });
    }

    get #range() {
        return this.view.range ?? this.#whole;
    }

    /** The first and the last step of all that there is. */
    get #whole() {
        let low = Infinity, high = -Infinity;
        for (const { x } of this.series) if (x.length > 0) { low = Math.min(low, x[0]); high = Math.max(high, x.at(-1)); }
        if (this.extent) { low = Math.min(low, this.extent[0]); high = Math.max(high, this.extent[1]); }
        return low < high ? [low, high] : Number.isFinite(low) ? [low - 1, low + 1] : null;
    }

    #values([first, last]) {
        let low = Infinity, high = -Infinity;
        for (const { x, y } of this.series) {
            const to = Math.min(x.length, lowerBound(x, last) + 2);
            for (let i = Math.max(0, lowerBound(x, first) - 1); i < to; i += 1) {
                const value = y[i];
                if (value === null || !Number.isFinite(value) || (this.log && value <= 0)) continue;
                if (value < low) low = value;
                if (value > high) high = value;
            }
        }
        if (low > high) return null;
        if (this.log) return low < high ? [low / 1.15, high * 1.15] : [low / 2, low * 2];
        const margin = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
        const floor = this.bounds.low ?? (low >= 0 && low < high * 0.4 ? 0 : low - margin);
        return [Math.min(floor, low), Math.max(high + margin, this.bounds.high ?? -Infinity)];
    }

    #draw() {
        const { width, height } = this.node.getBoundingClientRect();
        if (width < 20 || height < 20) return;
        const ratio = window.devicePixelRatio || 1;
        const { canvas } = this;
        if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
            canvas.width = Math.round(width * ratio);
            canvas.height = Math.round(height * ratio);
        }
        const pen = canvas.getContext("2d");
        const css = getComputedStyle(canvas);
        const color = (name) => css.getPropertyValue(name).trim();
        const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.clearRect(0, 0, width, height);
        pen.font = `${rem * (this.compact ? 0.6875 : 0.75)}px ${css.fontFamily}`;
        const range = this.#range, values = range && this.#values(range);
        canvas.dataset.points = String(this.series[0]?.x.length ?? 0);
        if (!values) return;
        const box = this.compact
            ? { left: 1, right: width - 8, top: 6, bottom: height - 6 }
            : { left: rem * 3.25, right: width - rem * 1.25, top: rem * 0.9, bottom: height - rem * 1.9 };
        this.x = new Scale(range[0], range[1], box.left, box.right);
        this.y = new Scale(values[0], values[1], box.bottom, box.top, this.log);
        this.box = box;
        const context = { pen, color, rem, box, width };
        this.#drawGrid(context);
        pen.save();
        pen.beginPath();
        pen.rect(box.left - 6, box.top - 6, box.right - box.left + 14, box.bottom - box.top + 12);
        pen.clip();
        for (const series of this.series) this.#drawSeries(context, series);
        pen.restore();
        this.#drawMarks(context);
        this.#drawCursor(context);
        canvas.dataset.drawn = "true";
    }

    #drawGrid({ pen, color, rem, box }) {
        pen.lineWidth = 1;
        pen.strokeStyle = color("--rule");
        pen.fillStyle = color("--muted");
        if (this.compact) {
            drawLine(pen, box.left, crisp(box.bottom + 3), box.right, crisp(box.bottom + 3));
            return;
        }
        pen.textAlign = "right";
        pen.textBaseline = "middle";
        const rows = Math.max(2, Math.floor((box.bottom - box.top) / (rem * 3)));
        const levels = this.log ? logTicks(this.y.low, this.y.high) : ticks(this.y.low, this.y.high, rows);
        const decimals = this.log ? null : decimalsOf(levels);
        for (const level of levels) {
            const at = crisp(this.y.at(level));
            drawLine(pen, box.left, at, box.right, at);
            pen.fillText(decimals === null ? number(level, 3) : level.toFixed(decimals), box.left - rem * 0.6, at);
        }
        pen.strokeStyle = color("--rule-strong");
        pen.setLineDash([2, 4]);
        // A rem apart or not at all: closer together they are a mesh.
        const dividers = this.dividers.filter((step) => step > this.x.low && step < this.x.high);
        for (const step of dividers.length * rem < box.right - box.left ? dividers : []) {
            drawLine(pen, crisp(this.x.at(step)), box.top, crisp(this.x.at(step)), box.bottom);
        }
        pen.setLineDash([]);
        pen.textAlign = "center";
        pen.textBaseline = "top";
        const stops = ticks(this.x.low, this.x.high, Math.max(2, Math.floor((box.right - box.left) / (rem * 4.5))));
        for (const step of stops.filter(Number.isInteger)) {
            pen.fillText(step.toLocaleString("en"), this.x.at(step), box.bottom + rem * 0.6);
        }
    }

    #drawSeries(context, { x, y, color: name, kind, width }) {
        const { pen, color } = context;
        const first = Math.max(0, lowerBound(x, this.x.low) - 1);
        const last = Math.min(x.length, lowerBound(x, this.x.high) + 2);
        pen.strokeStyle = color(name);
        pen.fillStyle = color(name);
        pen.lineJoin = "round";
        pen.lineCap = "round";
        pen.lineWidth = width ?? (kind === "faint" ? 1 : 2);
        pen.globalAlpha = kind === "faint" ? 0.38 : 1;
        this.#path(pen, x, y, first, last);
        const isCrowded = (last - first) * 9 > this.box.right - this.box.left;
        if (kind === "points" && !isCrowded) pen.globalAlpha = 0.55;
        pen.stroke();
        pen.globalAlpha = 1;
        if (kind === "points") {
            for (let i = first; i < last; i += 1) {
                const isChosen = x[i] === this.chosen;
                if (!this.#drawable(y[i]) || (isCrowded && !isChosen && i < last - 1)) continue;
                this.#dot(context, x[i], y[i], name, isChosen ? 5 : this.compact ? 3 : 4);
            }
        } else if (this.live && kind !== "faint" && !this.view.range) this.#drawHead(context, x, y, name);
        else if (x.length === 1 && this.#drawable(y[0])) this.#dot(context, x[0], y[0], name, this.compact ? 2.5 : 3.5);
    }

    #drawHead(context, x, y, name) {
        const last = y.length - 1;
        if (last < 0 || !this.#drawable(y[last])) return;
        const { pen, color } = context;
        pen.globalAlpha = 0.22;
        pen.fillStyle = color(name);
        pen.beginPath();
        pen.arc(this.x.at(x[last]), this.y.at(y[last]), this.compact ? 5 : 8, 0, 2 * Math.PI);
        pen.fill();
        pen.globalAlpha = 1;
        this.#dot(context, x[last], y[last], name, this.compact ? 2.5 : 3.5);
    }

    #drawable(value) {
        return value !== null && Number.isFinite(value) && (!this.log || value > 0);
    }

    #path(pen, x, y, first, last) {
        pen.beginPath();
        const dense = last - first > 3 * (this.box.right - this.box.left);
        let open = false, column = null, low = 0, high = 0, exit = 0;
        const flush = () => {
            if (column === null) return;
            pen.lineTo(column, low);
            pen.lineTo(column, high);
            pen.lineTo(column, exit);
        };
        for (let i = first; i < last; i += 1) {
            if (!this.#drawable(y[i])) { flush(); open = false; column = null; continue; }
            const px = this.x.at(x[i]), py = this.y.at(y[i]);
            if (!open) { pen.moveTo(px, py); open = true; }
            if (!dense) { pen.lineTo(px, py); continue; }
            const at = Math.round(px);
            if (at === column) { low = Math.min(low, py); high = Math.max(high, py); exit = py; continue; }
            flush();
            column = at;
            low = high = exit = py;
        }
        flush();
    }

    #dot({ pen, color }, x, y, name, radius) {
        pen.beginPath();
        pen.arc(this.x.at(x), this.y.at(y), radius, 0, 2 * Math.PI);
        pen.fillStyle = color(name);
        pen.fill();
        pen.lineWidth = 1.5;
        pen.strokeStyle = color("--surface");
        pen.stroke();
    }

    #drawMarks({ pen, color, rem, box, width }) {
        for (const mark of this.marks) {
            if (mark.x < this.x.low || mark.x > this.x.high || !this.#drawable(mark.y)) continue;
            const px = this.x.at(mark.x), py = this.y.at(mark.y);
            pen.strokeStyle = color(mark.color);
            pen.lineWidth = 1.75;
            pen.beginPath();
            pen.arc(px, py, 8, 0, 2 * Math.PI);
            pen.stroke();
            const length = pen.measureText(mark.text).width;
            const left = px + length + rem * 1.4 > width ? px - length - rem * 0.9 : px + rem * 0.9;
            const top = py - rem * 1.1 < box.top ? py + rem * 1.1 : py - rem * 1.1;
            pen.textAlign = "left";
            pen.textBaseline = "middle";
            pen.lineWidth = 4;
            pen.lineJoin = "round";
            pen.strokeStyle = color("--surface");
            pen.strokeText(mark.text, left, top);
            pen.fillStyle = color(mark.color);
            pen.fillText(mark.text, left, top);
        }
    }

    #drawCursor(context) {
        const { pen, color, box } = context;
        if (this.drag) {
            const [a, b] = [this.drag.from, this.drag.to].sort((p, q) => p - q);
            pen.globalAlpha = 0.12;
            pen.fillStyle = color("--ink");
            pen.fillRect(a, box.top, b - a, box.bottom - box.top);
            pen.globalAlpha = 1;
            return;
        }
        if (this.view.cursor === null || this.view.cursor < this.x.low || this.view.cursor > this.x.high) return;
        pen.strokeStyle = color("--rule-strong");
        pen.lineWidth = 1;
        const at = crisp(this.x.at(this.view.cursor));
        drawLine(pen, at, box.top - 4, at, box.bottom + 3);
        for (const { x, y, color: name, kind } of this.series) {
            const i = nearest(x, this.view.cursor);
            if (i >= 0 && kind !== "faint" && kind !== "points" && this.#drawable(y[i])) this.#dot(context, x[i], y[i], name, 3.5);
        }
    }

    /** Zooms about a step; a factor below 1 shows less. Zooming out to everything follows the run again. */
    zoomBy(factor, about) {
        const whole = this.#whole;
        if (!whole || !this.x) return;
        const centre = about ?? (this.x.low + this.x.high) / 2;
        const low = Math.max(whole[0], centre - (centre - this.x.low) * factor);
        const high = Math.min(whole[1], centre + (this.x.high - centre) * factor);
        if (low <= whole[0] && high >= whole[1]) this.view.zoom(null);
        else if (high - low >= 2) this.view.zoom([low, high]);
    }
}

/** The middle of a device pixel, where a line of one pixel is sharp. */
function crisp(value) {
    return Math.round(value) + 0.5;
}

function drawLine(pen, fromX, fromY, toX, toY) {
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.stroke();
}

function decimalsOf(levels) {
    const step = levels.length > 1 ? levels[1] - levels[0] : Math.abs(levels[0]) || 1;
    return Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}
