// Axes: from values to pixels, and where the ticks stand.

/** Round values between `low` and `high`, about `target` of them, at 1, 2 or 5 times a power of ten. */
export function ticks(low, high, target) {
    const span = high - low;
    // Below this a step is lost in rounding: adding it changes nothing.
    if (!(span > Math.max(Math.abs(low), Math.abs(high)) * 1e-12)) return [low];
    const raw = span / Math.max(1, target);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
    const values = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) values.push(i * step || 0);
    return values;
}

/** Values of a logarithmic axis: powers of ten, with 2 and 5 between them where the range is short. */
export function logTicks(low, high) {
    const values = [];
    const decades = Math.log10(high / low);
    const parts = decades > 3 ? [1] : decades > 0.7 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
        for (const part of parts) {
            const value = part * 10 ** power;
            if (value >= low && value <= high) values.push(value);
        }
    }
    return values;
}

/** A linear or logarithmic mapping of [low, high] to [from, to] pixels. */
export class Scale {
    constructor(low, high, from, to, log = false) {
        const bend = log ? Math.log : (value) => value;
        Object.assign(this, { low, high, from, to, log, bend });
        this.origin = bend(low);
        this.factor = (to - from) / (bend(high) - this.origin || 1);
    }

    /** Where a value is, in pixels. */
    at(value) {
        return this.from + (this.bend(value) - this.origin) * this.factor;
    }

    /** The value at a pixel. */
    invert(pixel) {
        const value = this.origin + (pixel - this.from) / this.factor;
        return this.log ? Math.exp(value) : value;
    }
}

/** Index of the first element of the sorted `values` that is not below `value`. */
export function lowerBound(values, value) {
    let low = 0, high = values.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (values[middle] < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

/** Index of the element of the sorted `values` that is nearest to `value`, or -1. */
export function nearest(values, value) {
    if (values.length === 0) return -1;
    const right = Math.min(values.length - 1, lowerBound(values, value));
    return right > 0 && value - values[right - 1] <= values[right] - value ? right - 1 : right;
}
