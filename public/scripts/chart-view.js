/** What several charts over the same steps share: the visible range and the step under the pointer. */
export class ChartView extends EventTarget {
    range = null;   // [first, last] step, or null for all
    cursor = null;  // step, or null

    /** Shows a part of the steps; null shows all. */
    zoom(range) {
        this.range = range;
        this.dispatchEvent(new Event("change"));
        this.dispatchEvent(new Event("zoom"));
    }

    /** Points at a step; null points nowhere. */
    point(step) {
        if (this.cursor === step) return;
        this.cursor = step;
        this.dispatchEvent(new Event("change"));
    }
}
