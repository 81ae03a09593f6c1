import { el } from "./dom.js";

let count = 0;

function openDialog(title, content, className = "") {
    const id = `dialog-${count += 1}`;
    const dialog = el("dialog", { class: className, "aria-labelledby": id },
        el("form", { method: "dialog" }, el("h2", { id }, title), content));
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
    return dialog;
}

/** Asks before something that cannot be undone; resolves to whether it shall be done. */
export function confirmAction({ title, text, action }) {
    return new Promise((resolve) => {
        const dialog = openDialog(title, [
            el("p", {}, text),
            el("div", { class: "actions" },
                el("button", { value: "no", class: "plain", autofocus: true }, "Keep it as it is"),
                el("button", { value: "yes", class: "danger" }, action)),
        ]);
        dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
    });
}

/** Asks for the server's token until one is entered; `reason` is what the server said. */
export function askForToken(reason) {
    return new Promise((resolve) => {
        const input = el("input", { type: "password", id: "token", name: "token", autocomplete: "off", required: true, spellcheck: "false" });
        const dialog = openDialog("This server asks for a token", [
            el("p", {}, reason),
            el("div", { class: "field" }, el("label", { for: "token" }, "Token"), input,
                el("p", { class: "hint" }, "Make one on the server with ", el("code", {}, "finetuned token create NAME --data DIR"),
                    ". It is kept in this tab only, until you close it.")),
            el("div", { class: "actions" }, el("button", { value: "use", class: "primary" }, "Use this token")),
        ], "token-dialog");
        dialog.addEventListener("cancel", (event) => event.preventDefault());
        dialog.addEventListener("close", () => resolve(input.value.trim()));
    });
}
