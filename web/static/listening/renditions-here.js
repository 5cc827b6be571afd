/** On a phone, or where the visitor asked browsers to be careful with data, the small copy is the right one. */
export function sparing() {
  const connection = /** @type {{saveData?: boolean} | undefined} */ (Reflect.get(navigator, "connection"));
  return connection?.saveData === true || matchMedia("(max-width: 700px)").matches;
}
