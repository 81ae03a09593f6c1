import { el, onceAFrame } from "./dom.js";

const theme = matchMedia("(prefers-color-scheme: dark)");
const capacity = 240;

/** A small line of a job's loss for a table row; keeps at most 240 points, thinned evenly. */
export class Sparkline {
    #x = [];
    #y = [];
    #live = false;
    #invalidate;

    /** The steps of the points held. */
    get steps() {
        return [...this.#x];
    }

    constructor(label, signal) {
        this.label = label;
        this.canvas = el("canvas", { class: "sparkline", role: "img", "aria-label": `${label}: none yet` });
        this.#invalidate = onceAFrame(() => this.#draw(), signal);
        theme.addEventListener("change", this.#invalidate, { signal });
        const observer = new ResizeObserver(this.#invalidate);
        observer.observe(this.canvas);
        signal.addEventListener("abort", () => observer.disconnect());
    }

    /** The newest value, or null. */
    get latest() {
        return this.#y.at(-1) ?? null;
    }

    /** Takes what was measured before; points that came while it was on its way stay behind it. */
    load(x, y) {
        const newX = this.#x, newY = this.#y;
        this.#x = [];
        this.#y = [];
        for (let i = 0; i < x.length; i += 1) {
            if (Number.isFinite(y[i]) && !(x[i] >= newX[0])) { this.#x.push(x[i]); this.#y.push(y[i]); }
        }
        this.#x.push(...newX);
        this.#y.push(...newY);
        this.#thin();
        this.#invalidate();
    }

    /** Adds a point; one at an earlier step replaces what came after it. */
    add(x, y) {
        if (!Number.isFinite(y)) return;
        while (this.#x.length > 0 && this.#x.at(-1) >= x) { this.#x.pop(); this.#y.pop(); }
        this.#x.push(x);
        this.#y.push(y);
        this.#thin();
        this.#invalidate();
    }

    /** Whether the end of the line is where the job is now. */
    set live(value) {
        this.#live = value;
        this.#invalidate();
    }

    #thin() {
        while (this.#x.length > capacity) {
            const last = this.#x.length - 1;
            const keep = (_, i) => i % 2 === 0 || i === last;
            this.#x = this.#x.filter(keep);
            this.#y = this.#y.filter(keep);
        }
    }

    #draw() {
        const { width, height } = this.canvas.getBoundingClientRect();
        if (width < 8 || this.#x.length === 0) return;
        const ratio = window.devicePixelRatio || 1;
        this.canvas.width = Math.round(width * ratio);
        this.canvas.height = Math.round(height * ratio);
        const css = getComputedStyle(this.canvas);
        const color = css.getPropertyValue(this.#live ? "--ember" : "--trace").trim();
        const low = Math.min(...this.#y), high = Math.max(...this.#y);
        const first = this.#x[0], span = this.#x.at(-1) - first || 1;
        const at = (i) => [3 + (this.#x[i] - first) / span * (width - 9), 4 + (high - this.#y[i]) / (high - low || 1) * (height - 8)];
        const pen = this.canvas.getContext("2d");
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.lineWidth = 1.5;
        pen.lineJoin = "round";
        pen.lineCap = "round";
        pen.strokeStyle = color;
        pen.beginPath();
        for (let i = 0; i < this.#x.length; i += 1) pen.lineTo(...at(i));
        pen.stroke();
        pen.fillStyle = color;
        pen.beginPath();
        pen.arc(...at(this.#x.length - 1), this.#live ? 3 : 2, 0, 2 * Math.PI);
        pen.fill();
        this.canvas.dataset.points = String(this.#x.length);
        this.canvas.setAttribute("aria-label",
            `${this.label}: from ${this.#y[0].toFixed(3)} to ${this.#y.at(-1).toFixed(3)}, lowest ${low.toFixed(3)}`);
    }
}
