/**
 * Puts a button into a password field that shows what was typed: on a phone one types blind otherwise.
 * @param {HTMLInputElement} field
 */
export function offerToShow(field) {
  const frame = document.createElement("div");
  frame.className = "password";
  const held = document.activeElement === field;
  field.replaceWith(frame);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "password-shows";
  frame.append(field, button);
  // Moving it took the focus away.
  if (held) field.focus();
  const say = () => {
    const shown = field.type === "text";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", shown ? "Hide the password" : "Show the password");
  };
  button.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    say();
  });
  // Sent as a password, so that it is kept as one and not as a word typed before.
  field.form?.addEventListener("submit", () => {
    field.type = "password";
  });
  say();
}
