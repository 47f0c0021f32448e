// Requests to our own server, with the CSRF token.
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export function post(url, body) {
  return fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" },
  });
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});
