/** Owns listeners, timers, frames and observers; `dispose` undoes them all, newest first. */
export class Scope {
  /** @type {(() => void)[]} */
  #undo = [];
  #disposed = false;

  /** @param {() => void} undo */
  add(undo) {
    if (this.#disposed) undo();
    else this.#undo.push(undo);
  }

  /**
   * @param {EventTarget} target
   * @param {string} type
   * @param {(event: any) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  on(target, type, listener, options) {
    target.addEventListener(type, listener, options);
    this.add(() => target.removeEventListener(type, listener, options));
  }

  /** @param {() => void} callback @param {number} milliseconds */
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds);
    this.add(() => clearInterval(timer));
  }

  /** @param {{disconnect(): void}} observer */
  observe(observer) {
    this.add(() => observer.disconnect());
  }

  dispose() {
    this.#disposed = true;
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }
}
