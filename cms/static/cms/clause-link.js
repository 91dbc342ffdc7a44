/* Links to clauses in Wagtail's editor of running text: marked words, a clause chosen in a dialog, a link of them. */

(() => {
  const { ModalWorkflowSource, TooltipEntity, registerPlugin } = window.draftail;

  /** The dialog: the form looks for clauses without leaving it, a button takes one. */
  function dialog(modal) {
    const body = modal.body[0];
    const form = body.querySelector("form");
    const field = form.querySelector("input");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const asked = new URLSearchParams(new FormData(form));
      const page = document.createElement("template");
      try {
        const answer = await fetch(`${form.action}?${asked}`);
        page.innerHTML = (await answer.json()).html;
      } catch {
        modal.loadUrl(form.action, asked.toString()); // Wagtail says what went wrong
        return;
      }
      body.querySelector("[data-found]").innerHTML = page.content.querySelector("[data-found]").innerHTML;
    });
    body.addEventListener("click", (event) => {
      const { key, label, url } = event.target.closest("[data-key]")?.dataset ?? {};
      if (key) modal.respond("chosen", { id: key, label, url, title: label });
    });
    modal.container.one("shown.bs.modal", () => field.focus());
  }

  class ClauseSource extends ModalWorkflowSource {
    getChooserConfig() {
      const { clauseChooser } = this.props.entityType.chooserUrls;
      return { url: clauseChooser, urlParams: {}, onload: { choose: dialog }, responses: { chosen: this.onChosen } };
    }

    filterEntityData({ id, label, url }) {
      return { id, label, url };
    }

    /** Wagtail knows of its own kinds alone whether words may be changed inside them; inside ours they may. */
    onChosen(chosen) {
      const content = this.props.editorState.getCurrentContent();
      const { createEntity } = content;
      content.createEntity = (type, _mutability, data) => createEntity.call(content, type, "MUTABLE", data);
      try {
        super.onChosen(chosen);
      } finally {
        delete content.createEntity;
      }
    }
  }

  const Clause = (props) => {
    const { label, url } = props.contentState.getEntity(props.entityKey).getData();
    return window.React.createElement(TooltipEntity, { ...props, icon: "#icon-clipboard-list", label, url });
  };

  registerPlugin({ type: "CLAUSE", source: ClauseSource, decorator: Clause }, "entityTypes");
})();
