// The pages of the documentation, beside each of them. Known before the parser comes to it, as the masthead is.

customElements.define("docs-nav", class extends HTMLElement {
    connectedCallback() {
        const pages = {
            "/docs/": "Overview", "/docs/tasks.html": "Tasks", "/docs/data.html": "Data", "/docs/layers.html": "Layers",
            "/docs/strategy.html": "Strategy", "/docs/evaluation.html": "Evaluation and ledger", "/docs/sweeps.html": "Sweeps",
        };
        const here = location.pathname.replace(/index\.html$/, "");
        this.innerHTML = `<nav class="docs-nav" aria-label="Documentation"><ul>${Object.entries(pages)
            .map(([path, name]) => `<li><a href="${path}"${path === here ? ' aria-current="page"' : ""}>${name}</a></li>`).join("")}</ul></nav>`;
    }
});
