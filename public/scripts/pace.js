/** The pace of a running job over the last half minute, from when its steps arrived. */
export class Pace {
    #arrivals = [];

    /** Notes that `step` was reached now. */
    note(step, now = performance.now()) {
        if (this.#arrivals.length > 0 && this.#arrivals.at(-1).step >= step) this.#arrivals = [];
        this.#arrivals.push({ step, now });
        while (this.#arrivals.length > 2 && now - this.#arrivals[0].now > 30_000) this.#arrivals.shift();
    }

    /** Seconds until `total` steps, or null while too little is known. */
    secondsTo(total) {
        const first = this.#arrivals[0], last = this.#arrivals.at(-1);
        if (!first || last.now - first.now < 2000 || last.step === first.step) return null;
        return Math.max(0, (total - last.step) * (last.now - first.now) / (last.step - first.step) / 1000);
    }
}
