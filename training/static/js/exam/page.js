/* What the modules of the running exam share: the page, its words, and how to ask the server. */

export const page = document.body.dataset;
export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const words = JSON.parse(find("#exam-words")?.textContent || "{}");
export const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), words[name] || "");
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith(`${words.csrf_cookie}=`));
  return cookie ? cookie.slice(words.csrf_cookie.length + 1) : find("[name=csrfmiddlewaretoken]")?.value || "";
}

/** Post or get JSON; throws on a lost connection. A redirect to the login page comes back as status 0. */
export async function ask(path, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 10_000);
  try {
    const response = await fetch(page.base + path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      redirect: "manual",
      signal: abort.signal,
    });
    if (response.status >= 500) throw new Error(`server: ${response.status}`);
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    return { status: response.status, data: isJson ? await response.json() : {} };
  } finally {
    clearTimeout(timer);
  }
}
