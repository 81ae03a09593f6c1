import { el, useStyle } from "./dom.js";

let count = 0;

async function openDialog(title, content, className = "") {
    await useStyle("forms");
    const id = `dialog-${count += 1}`;
    const dialog = el("dialog", { class: className, "aria-labelledby": id },
        el("form", { method: "dialog" }, el("h2", { id }, title), content));
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
    return dialog;
}

function closing(dialog) {
    return new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
}

/** Asks before something that cannot be undone; resolves to whether it shall be done. */
export async function confirmAction({ title, text, action }) {
    const dialog = await openDialog(title, [
        el("p", {}, text),
        el("div", { class: "actions" },
            el("button", { value: "no", class: "plain", autofocus: true }, "Keep it as it is"),
            el("button", { value: "yes", class: "danger" }, action)),
    ]);
    await closing(dialog);
    return dialog.returnValue === "yes";
}

/** Asks for the server's token until one is entered; `reason` is what the server said. */
export async function askForToken(reason) {
    const input = el("input", { type: "password", id: "token", name: "token", autocomplete: "off", required: true, spellcheck: "false" });
    const dialog = await openDialog("This server asks for a token", [
        el("p", {}, reason),
        el("div", { class: "field" }, el("label", { for: "token" }, "Token"), input,
            el("p", { class: "hint" }, "Make one on the server with ", el("code", {}, "finetuned token create NAME --data DIR"),
                ". It is kept in this tab only, until you close it.")),
        el("div", { class: "actions" }, el("button", { value: "use", class: "primary" }, "Use this token")),
    ], "token-dialog");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    await closing(dialog);
    return input.value.trim();
}
