// The learning rate over a run, as the trainer computes it, and a drawing of it.

import { el, fill, svg } from "./dom.js";
import { number } from "./format.js";

const triangleRatio = 32, defaultTimescale = 10_000;

/**
 * What a schedule makes of its peak after `done` of `total` steps: 0…1.
 * `warmup` is the share of steps in which the rate rises, `power` belongs to the polynomial one.
 */
export function scheduleFactor({ schedule, warmup, power = 1 }, done, total) {
    const rising = Math.ceil(total * warmup);
    if (schedule === "slanted_triangular") {
        const p = done < rising ? done / rising : 1 - (done - rising) / Math.max(1, total - rising);
        return (1 + Math.max(0, p) * (triangleRatio - 1)) / triangleRatio;
    }
    if (done < rising) return done / Math.max(1, rising);
    const progress = Math.min(1, (done - rising) / Math.max(1, total - rising));
    switch (schedule) {
        case "constant": return 1;
        case "cosine": return 0.5 * (1 + Math.cos(Math.PI * progress));
        case "polynomial": return (1 - progress) ** power;
        case "inverse_sqrt": {
            const timescale = rising > 0 ? rising : defaultTimescale;
            return 1 / Math.sqrt((done + timescale - rising) / timescale);
        }
        default: return 1 - progress;
    }
}

/** A drawing of the rate over the epochs: the head on top, and below it the layers where they learn more slowly. */
export class SchedulePreview {
    constructor() {
        this.picture = svg("svg", { viewBox: "0 0 400 106", preserveAspectRatio: "none", role: "img", class: "schedule" });
        this.words = el("figcaption", { class: "label" });
        this.node = el("figure", { class: "schedule-preview", id: "schedule-preview" }, this.words, this.picture);
    }

    /**
     * `steps` in all, `epochs` among them; `peak`, and `head` where the head has a rate of its own; `decay` from layer to layer
     * over `blocks` of the trunk, `every` epochs the next of which is thawed (0: none is frozen at first).
     */
    show({ schedule, warmup, power, steps, epochs, peak, head, decay, blocks, every, frozen }) {
        const total = Math.max(8, Math.min(2000, steps)), width = 400, height = 96, top = 6;
        const most = Math.max(peak, head ?? 0);
        const line = (rate, from = 0) => {
            const points = [];
            for (let i = 0; i <= 160; i += 1) {
                const done = i / 160 * total;
                if (done < from * total) continue;
                const y = top + height * (1 - rate / most * scheduleFactor({ schedule, warmup, power }, done, total));
                points.push(`${(done / total * width).toFixed(1)} ${y.toFixed(1)}`);
            }
            return points.length > 1 ? `M${points.join("L")}` : "";
        };
        const depths = frozen ? 0 : decay < 1 || every > 0 ? Math.min(24, blocks ?? 6) + 1 : 0;
        const trunk = Array.from({ length: depths }, (_, i) => ({ rate: peak * decay ** (i + 1), from: every > 0 ? (i + 1) * every / epochs : 0 }))
            .filter((each) => each.from < 1);
        const splits = trunk.length > 0;
        this.picture.replaceChildren();
        fill(this.picture,
            Array.from({ length: Math.min(40, epochs) - 1 }, (_, i) => svg("path", { class: "epoch", d: `M${(i + 1) / epochs * width} ${top}V${top + height}` })),
            svg("path", { class: "base", d: `M0 ${top + height + 0.5}H${width}` }),
            trunk.map((each) => svg("path", { class: "deep", d: line(each.rate, each.from) })),
            !splits && !frozen && head ? svg("path", { class: "deep", d: line(peak) }) : "",
            svg("path", { class: "rate", d: line(head ?? peak) }));
        const end = most * scheduleFactor({ schedule, warmup, power }, total, total);
        const text = `Learning rate: up to ${number(most, 2)}, in the end ${number(end, 2)}${splits ? `; the lowest of ${trunk.length} blocks up to ${number(trunk.at(-1).rate, 2)}` : head ? `; the trunk up to ${number(peak, 2)}` : ""}`;
        this.words.textContent = text;
        this.picture.setAttribute("aria-label", `${text}, over ${epochs} epochs`);
    }
}
