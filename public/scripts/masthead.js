// The site's name and navigation, alike on every page. A classic script in the head and no module: the element is known before the
// parser comes to it, so that no page is ever shown without its navigation.

customElements.define("site-masthead", class extends HTMLElement {
    connectedCallback() {
        // Nothing in here comes from outside.
        this.innerHTML = `
            <a class="wordmark" href="/#/jobs" aria-label="finetuned, all jobs">
                <svg viewBox="0 0 40 24" width="40" height="24" aria-hidden="true" focusable="false">
                    <path class="mark-trace" d="M2 3c3 0 3 15 7 15s3.400-9 6.800-9 3.200 7.500 6.400 7.500 3-3 6-3 3.400 1 4.800 1"/>
                    <circle class="mark-point" cx="35.500" cy="14.500" r="3"/>
                </svg>
                <span>finetuned</span>
            </a>
            <nav aria-label="Pages">
                <a href="/#/jobs" data-nav="jobs">Jobs</a>
                <a href="/#/models" data-nav="models">Models</a>
                <a href="/#/new" data-nav="new">New job</a>
                <a href="/docs/" data-nav="docs">Docs</a>
            </nav>`;
        if (location.pathname.startsWith("/docs/")) this.querySelector("[data-nav=docs]").setAttribute("aria-current", "page");
    }
});
