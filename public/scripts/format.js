// Numbers and times as people read them, always with a unit.

const integers = new Intl.NumberFormat("en");

/** 12,345 */
export function count(value) {
    return Number.isFinite(value) ? integers.format(Math.round(value)) : "–";
}

/** A large count in few characters: 2,695, 147.8 k, 22.7 M */
export function compact(value) {
    if (!Number.isFinite(value)) return "–";
    if (Math.abs(value) < 10_000) return count(value);
    const [scale, unit] = value < 1e6 ? [1e3, "k"] : value < 1e9 ? [1e6, "M"] : [1e9, "G"];
    return `${(value / scale).toPrecision(3).replace(/\.?0+$/, "")} ${unit}`;
}

/** A count with its noun: "1 row", "12 rows". */
export function counted(value, one, many = `${one}s`) {
    return `${count(value)} ${value === 1 ? one : many}`;
}

/** A measured number to a sensible number of digits: 0.4213, 12.84, 3.2e-5. */
export function number(value, digits = 4) {
    if (!Number.isFinite(value)) return value === null || value === undefined ? "–" : String(value);
    const size = Math.abs(value);
    if (size === 0) return "0";
    if (size < 0.001) return value.toExponential(1).replace(".0e", "e");
    if (size >= 1000) return integers.format(Math.round(value));
    return value.toFixed(Math.max(0, digits - (size >= 1 ? Math.floor(Math.log10(size)) + 1 : 0)));
}

/** A share as a percentage: 93.4 % */
export function percent(value, digits = 1) {
    return Number.isFinite(value) ? `${(value * 100).toFixed(digits)} %` : "–";
}

/** Bytes in binary units: 87.3 MiB */
export function bytes(value) {
    if (!Number.isFinite(value)) return "–";
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let size = value, unit = 0;
    while (size >= 1024 && unit < units.length - 1) { size /= 1024; unit += 1; }
    return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A duration in seconds: 45 s, 3 min 20 s, 2 h 05 min, 3 d 4 h. */
export function duration(seconds) {
    if (!Number.isFinite(seconds)) return "–";
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`;
    if (s < 86400) return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
    return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** A duration to one unit, for estimates: about 3 min. */
export function roughly(seconds) {
    if (!Number.isFinite(seconds)) return "–";
    if (seconds < 1) return "under 1 s";
    if (seconds < 90) return `${Math.round(seconds)} s`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
    return `${(seconds / 3600).toFixed(1)} h`;
}

/** A point in time given in unix seconds, as said in passing: "just now", "12 min ago", "3 Mar, 14:20". */
export function when(unix, now = Date.now() / 1000) {
    if (!Number.isFinite(unix)) return "–";
    const age = now - unix;
    if (age < 45) return "just now";
    if (age < 3600) return `${Math.max(1, Math.round(age / 60))} min ago`;
    if (age < 86400) return `${Math.round(age / 3600)} h ago`;
    return new Date(unix * 1000).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** The time of day of a unix time, with seconds. */
export function clock(unix) {
    return new Date(unix * 1000).toLocaleTimeString("en-GB");
}

/** A metric's value by its name: shares as percent, losses and correlations as numbers. */
export function metric(name, value) {
    if (/accuracy|f1|precision|recall|auroc|ece|mrr/.test(name)) return percent(value);
    return number(value, /loss/.test(name) ? 4 : 3);
}

const metricNames = {
    valid_loss: "validation loss", train_loss: "training loss", full_valid_loss: "validation loss",
    valid_mean_token_accuracy: "validation accuracy", train_mean_token_accuracy: "training accuracy",
    subset_accuracy: "all labels right", macro_f1: "macro F1", micro_f1: "micro F1", auroc: "AUROC", ece: "calibration error",
    mse: "squared error", mae: "absolute error", pearson: "Pearson", spearman: "Spearman", qwk: "weighted kappa",
    entity_f1: "entity F1", entity_precision: "entity precision", entity_recall: "entity recall",
    recall_at_1: "nearest is right", recall_at_5: "among 5 nearest", recall_at_10: "among 10 nearest", mrr: "mean reciprocal rank",
};

/** A metric's name in words. */
export function metricName(name) {
    return metricNames[name] ?? name.replaceAll("_", " ");
}

/** The same at the beginning of a line. */
export function metricTitle(name) {
    const text = metricName(name);
    return text[0].toUpperCase() + text.slice(1);
}

/** An identifier shortened for a line of text; the whole one belongs in the title. */
export function shortID(id) {
    const [prefix, ...rest] = id.split("-");
    const tail = rest.join("-");
    return tail.length > 8 ? `${prefix}-${tail.slice(0, 8)}` : id;
}
